import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DomainState } from "../../../../provider/libvirt/client";
import type { Host } from "../../../../provider/resource/host";
import { awaitInstallation, awaitSsh } from "../../../../provider/resources/machine/guest/await";
import type { InstallationWatch } from "../../../../provider/resources/machine/guest/watch";
import { elapsed } from "../../../../provider/values/scalars";
import { testContext } from "../../../context";

const mark = "kvm-deploy: installed 0123456789abcdef";
const running = { state: "running", reason: "booted" };
const off = { state: "shut off", reason: "shutdown" };

/** What the host shows from a second on. */
interface Moment {
  readonly from: number;
  readonly state?: DomainState | undefined;
  readonly log?: string;
  readonly console?: string;
  /** What `virsh domstats` counts. */
  readonly counters?: Readonly<Record<string, number>>;
  /** What ssh-keyscan prints. */
  readonly scan?: string;
}

/** A host on which time goes by only while it is waited for. */
function hostOf(moments: readonly Moment[], pictures?: Uint8Array) {
  let now = 0;
  const written: string[] = [];
  const moment = () => moments.findLast(({ from }) => from * 1000 <= now) ?? { from: 0 };
  const scans: (readonly string[])[] = [];
  const host = {
    clock: {
      now: () => now,
      sleep: (milliseconds: number, signal?: AbortSignal) => {
        now += milliseconds;
        signal?.throwIfAborted();
        return Promise.resolve();
      },
    },
    libvirt: {
      domainState: () => Promise.resolve(moment().state),
      counters: () => Promise.resolve(new Map(Object.entries(moment().counters ?? {}))),
      screenshot: () => (pictures === undefined ? Promise.reject(new Error("no display")) : Promise.resolve(pictures)),
    },
    files: {
      stat: () => Promise.resolve(undefined),
      fingerprint: (file: string) => Promise.resolve(file),
      readFrom: (file: string, offset: number) =>
        Promise.resolve(Buffer.from((file === "/log" ? moment().log : moment().console) ?? "").subarray(offset)),
      write: (file: string, _content: Uint8Array, mode: number) => {
        written.push(`${file} ${mode.toString(8)}`);
        return Promise.resolve();
      },
    },
    run: (_program: string, args: readonly string[]) => {
      scans.push(args);
      return Promise.resolve({ exitCode: 0, stdout: moment().scan ?? "", stderr: "" });
    },
  } as unknown as Host;
  return { host, scans, written, seconds: () => now / 1000 };
}

const watch: InstallationWatch = {
  uuid: "u",
  name: "web",
  log: "/log",
  consoleLog: "/console",
  picture: "/web.installer.png",
  installation: {
    schemaVersion: 1,
    owner: "urn",
    digest: "d",
    family: "debian",
    release: "r",
    mark,
    login: "root",
    hostKeys: [],
    keep: true,
  },
  family: {
    stageOf: (line) => /^stage (.*)/.exec(line)?.[1],
    promptOf: (screen) => screen.map((line) => /^QUESTION (.*)/.exec(line)?.[1]).find((found) => found !== undefined),
    percentOf: (screen) =>
      screen
        .map((line) => /^(\d+)%/.exec(line)?.[1])
        .map(Number)
        .find((percent) => percent >= 0),
    problemOf: (line) => /^error: (.*)/.exec(line)?.[1],
    quotesAnswers: /^ANSWERS/,
  },
  timeoutSeconds: 60,
  stallSeconds: 600,
  isReady: () => Promise.resolve(false),
};

const installationOn = async (moments: readonly Moment[], more: Partial<InstallationWatch> = {}) => {
  const { host, seconds } = hostOf(moments);
  const context = testContext("");
  await awaitInstallation(host, { ...watch, ...more }, context);
  return { said: context.said, seconds: seconds() };
};

describe("an installation is waited for", () => {
  it("until the guest has written its mark and powered off, and its stages are shown", async () => {
    const { said, seconds } = await installationOn([
      { from: 0, state: running },
      { from: 4, state: running, log: "stage partitioning\nnoise\n" },
      { from: 30, state: running, log: `stage partitioning\nnoise\nstage packages\n${mark}\n` },
      { from: 40, state: off, log: `stage partitioning\nnoise\nstage packages\n${mark}\n` },
    ]);
    assert.equal(seconds, 40);
    assert.deepEqual(said, [
      "installing: starting the installer, 0 s",
      "installing: partitioning, 4 s",
      "installing: partitioning, 20 s",
      "installing: packages, 30 s",
    ]);
  });

  it("also when it was over before", async () => {
    assert.equal((await installationOn([{ from: 0, state: off, log: `${mark}\n` }])).seconds, 0);
  });

  it("also when another program has finished it, and the machine runs its new system", async () => {
    const isReady = () => Promise.resolve(true);
    assert.equal((await installationOn([{ from: 0, state: running, log: `${mark}\n` }], { isReady })).seconds, 0);
  });

  for (const [name, moments, expected] of [
    [
      "went off without its mark, as in a panic",
      [{ from: 0, state: off, log: "stage packages\nout of memory\nkernel panic\n" }],
      {
        code: "install-failed",
        message:
          /^machine "web" powered off before its installation was complete, at the stage "packages"; its log ends: stage packages; out of memory; kernel panic\. Read \/log on the host; `pulumi up` starts the installation again$/,
      },
    ],
    [
      "went off, and its log has the colours and junk of a terminal",
      [{ from: 0, state: off, log: "\x1b[1;31mout of\x1b[0m memory\x07\n\x00\x9b2J\n\x1b]0;title\x07panic\r\n" }],
      { code: "install-failed", message: /its log ends: out of memory; 2J; \]0;title panic\. Read / },
    ],
    [
      "says itself that it failed",
      [{ from: 0, state: running, log: "kvm-deploy: failed: no host key \n" }],
      {
        code: "install-failed",
        message: /^the installation of machine "web" failed: no host key\. Read \/log on the host, correct the answers/,
      },
    ],
    [
      "went off after it had said so",
      [{ from: 0, state: off, log: "kvm-deploy: failed: no disk\nstage packages\n" }],
      {
        code: "install-failed",
        message: /^the installation of machine "web" failed: no disk\. Read \/log on the host; `pulumi up` starts/,
      },
    ],
    [
      "takes longer than allowed",
      [{ from: 0, state: running, log: "stage packages\n" }],
      {
        code: "timeout",
        property: "installTimeout",
        message: /was not complete after 60 s, at the stage "packages".*`pulumi up` waits for it again/,
      },
    ],
    [
      "was deleted meanwhile",
      [{ from: 0, state: undefined }],
      { code: "not-found", message: /^machine "web" was deleted during its installation\. Run `pulumi refresh`/ },
    ],
  ] as const) {
    it(`unless the guest ${name}`, async () => assert.rejects(installationOn(moments), expected));
  }

  it("no longer when the user interrupts", async () => {
    const { host } = hostOf([{ from: 0, state: running }]);
    const interrupted = { ...testContext(""), signal: AbortSignal.abort() };
    await assert.rejects(awaitInstallation(host, watch, interrupted), { name: "AbortError" });
  });
});

const key = "ssh-ed25519 AAAAkey";

const sshOn = async (
  moments: readonly Moment[],
  hostKeys = [key],
  address: () => string | undefined = () => "10.0.0.9",
) => {
  const { host, scans, seconds } = hostOf(moments);
  const context = testContext("");
  const target = { name: "web", hostKeys, timeoutSeconds: 30, address: () => Promise.resolve(address()) };
  await awaitSsh(host, target, context);
  return { said: context.said, scans, seconds: seconds() };
};

describe("an installation that makes no progress", () => {
  const hour = { timeoutSeconds: 3600 };

  const failureOn = async (moments: readonly Moment[], more: Partial<InstallationWatch> = {}, picture?: Uint8Array) => {
    const { host, seconds, written } = hostOf(moments, picture);
    const context = testContext("");
    try {
      await awaitInstallation(host, { ...watch, ...hour, ...more }, context);
    } catch (error) {
      const warned = context.said.filter((text) => !text.startsWith("installing: "));
      return { message: error instanceof Error ? error.message : "", seconds: seconds(), warned, written };
    }
    throw new Error("it was no failure");
  };

  it("is an error after the time limit for that, with what its console shows", async () => {
    const { message, seconds, warned } = await failureOn([
      { from: 0, state: running, log: "stage packages\nerror: no such package\n", console: "┌─────┐\r\n│ Hm  │\r\n" },
    ]);
    assert.ok(seconds >= 600 && seconds < 660, String(seconds));
    assert.match(
      message,
      /^stallTimeout: the installation of machine "web" stands still at the stage "packages"\. For 10 min \d s it has written nothing to its log and its disks, and sent next to nothing; the installer reports: no such package; its console shows: Hm\. Its log is \/log, its console's log is \/console\. Answer it with `virsh console web`, then run `pulumi up`/,
    );
    assert.deepEqual(warned, ['the console of machine "web" shows:\n  ┌─────┐\n  │ Hm  │']);
  });

  it("is an error a minute after its console shows a question, with a picture of its display", async () => {
    const { message, seconds, written } = await failureOn(
      [
        { from: 0, state: running, log: "stage packages\n" },
        {
          from: 20,
          state: running,
          log: "stage packages\nmore\n",
          console: "QUESTION the installer asks for a cup of tea",
        },
      ],
      {},
      Buffer.from("PNG"),
    );
    assert.ok(seconds >= 80 && seconds < 90, String(seconds));
    assert.match(
      message,
      /^the installation of machine "web" stands still at the stage "packages": the installer asks for a cup of tea\. For 1 min/,
    );
    assert.match(message, /a picture of its display is \/web\.installer\.png\. Answer/);
    assert.deepEqual(written, ["/web.installer.png 600"]);
  });

  it("has no picture of a display that shows nothing yet", async () => {
    const { message, written } = await failureOn([{ from: 0, state: running }], {}, new Uint8Array());
    assert.match(message, /stands still/);
    assert.doesNotMatch(message, /a picture/);
    assert.deepEqual(written, []);
  });

  it("is an error when libvirt has paused the machine", async () => {
    const { message, seconds } = await failureOn([{ from: 0, state: { state: "paused", reason: "I/O error" } }]);
    assert.ok(seconds < 70, String(seconds));
    assert.match(message, /: the machine is paused \(I\/O error\)\. .*; its console shows nothing\./);
  });

  it("shows nothing of the answers", async () => {
    const console = "rootpw --plaintext geheim\r\nANSWERS\r\nalso geheim\r\n";
    const { message, warned } = await failureOn([{ from: 0, state: running, console }]);
    assert.doesNotMatch([message, ...warned].join(), /geheim/);
    assert.match(
      message,
      /its console shows: rootpw \[hidden\] ANSWERS \[the rest is hidden, because it may quote the answers\]/,
    );
  });

  const progress: readonly (readonly [name: string, at: (second: number) => Omit<Moment, "from">])[] = [
    ["logs a line now and then", (second: number) => ({ log: "line\n".repeat(Math.floor(second / 50)) })],
    [
      "writes a little now and then",
      (second: number) => ({ counters: { "block.0.wr.bytes": 512 * Math.floor(second / 50) } }),
    ],
    ["reads its medium", (second: number) => ({ counters: { "block.1.rd.bytes": 20_000 * second } })],
    ["acknowledges a slow download", (second: number) => ({ counters: { "net.0.tx.bytes": 800 * second } })],
  ];
  for (const [name, at] of progress) {
    it(`is none while it ${name}, whatever its console shows`, async () => {
      const moments = Array.from({ length: 1800 }, (_, second) => ({
        from: second,
        state: running,
        console: "QUESTION old",
        ...at(second),
      }));
      const done = { from: 1800, state: off, log: `${at(1799).log ?? ""}${mark}\n` };
      assert.equal((await installationOn([...moments, done], hour)).seconds, 1800);
    });
  }

  for (const [name, counters] of [
    ["receives broadcasts", (second: number) => ({ "net.0.rx.bytes": 10_000 * second })],
    ["requests an address and gets none", (second: number) => ({ "net.0.tx.bytes": 200 * second })],
    [
      "reads a page of its medium now and then",
      (second: number) => ({ "block.0.rd.bytes": 4096 * Math.floor(second / 30) }),
    ],
  ] as const) {
    it(`stands still, too, if it ${name}`, async () => {
      const moments = Array.from({ length: 1800 }, (_, second) => ({
        from: second,
        state: running,
        counters: counters(second),
      }));
      assert.ok((await failureOn(moments)).seconds < 660);
    });
  }

  it("is none if a counter can't be read for a moment", async () => {
    const moments = Array.from({ length: 700 }, (_, second) => ({
      from: second,
      state: running,
      counters: second % 3 === 0 ? { "block.0.wr.bytes": 4096 } : {},
    }));
    assert.ok((await failureOn(moments)).seconds < 660);
  });

  it("shows the installer's own percentage next to the stage", async () => {
    const { said } = await installationOn([
      { from: 0, state: running, log: "stage packages\n", console: "34% of it\r\n" },
      { from: 2, state: off, log: `stage packages\n${mark}\n` },
    ]);
    assert.deepEqual(said, ["installing: packages 34 %, 0 s"]);
  });
});

describe("the SSH server is waited for", () => {
  it("until it answers with the host key that was installed", async () => {
    const { seconds, scans, said } = await sshOn([{ from: 0 }, { from: 6, scan: `10.0.0.9 ${key}\n` }]);
    assert.equal(seconds, 6);
    assert.deepEqual(scans[0], ["-T", "5", "-t", "ed25519", "10.0.0.9"]);
    assert.deepEqual(said.at(-1), "waiting for ssh at 10.0.0.9, 4 s");
  });

  it("with any key where none was installed", async () => {
    const { scans } = await sshOn([{ from: 0, scan: "10.0.0.9 ssh-rsa BBBB\n" }], []);
    assert.deepEqual(scans, [["-T", "5", "10.0.0.9"]]);
  });

  it("at the address that it gets meanwhile", async () => {
    let asked = 0;
    const address = () => (++asked < 4 ? undefined : "10.0.0.9");
    const { said, scans } = await sshOn([{ from: 0, scan: `10.0.0.9 ${key}\n` }], [key], address);
    assert.deepEqual([said[0], scans.length], ["waiting for ssh, 0 s", 1]);
  });

  for (const [name, moments, address, expected] of [
    [
      "another host key",
      [{ from: 0, scan: "10.0.0.9 ssh-ed25519 other\n" }],
      "10.0.0.9",
      { code: "conflict", message: /^the SSH server at 10\.0\.0\.9 has another host key than machine "web"\. Check/ },
    ],
    [
      "no answer in time",
      [{ from: 0 }],
      "10.0.0.9",
      {
        code: "timeout",
        property: "sshTimeout",
        message: /machine "web" did not answer by ssh at 10\.0\.0\.9 within 30 s/,
      },
    ],
    [
      "no address in time",
      [{ from: 0 }],
      undefined,
      { code: "timeout", message: /machine "web" got no address within 30 s/ },
    ],
  ] as const) {
    it(`and ${name} is an error`, async () =>
      assert.rejects(
        sshOn(moments, [key], () => address),
        expected,
      ));
  }
});

describe("a waiting time", () => {
  for (const [milliseconds, text] of [
    [0, "0 s"],
    [9_400, "9 s"],
    [59_600, "1 min 0 s"],
    [125_000, "2 min 5 s"],
  ] as const) {
    it(`of ${milliseconds} ms is "${text}"`, () => assert.equal(elapsed(milliseconds), text));
  }
});
