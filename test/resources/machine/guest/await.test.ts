import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DomainState } from "../../../../provider/libvirt/client";
import type { Host } from "../../../../provider/resource/host";
import {
  awaitInstallation,
  awaitSsh,
  elapsed,
  type InstallationWatch,
} from "../../../../provider/resources/machine/guest/await";
import { testContext } from "../../../context";

const mark = "kvm-deploy: installed 0123456789abcdef";
const running = { state: "running", reason: "booted" };
const off = { state: "shut off", reason: "shutdown" };

/** What the host shows from a second on. */
interface Moment {
  readonly from: number;
  readonly state?: DomainState | undefined;
  readonly log?: string;
  /** What ssh-keyscan prints. */
  readonly scan?: string;
}

/** A host on which time goes by only while it is waited for. */
function hostOf(moments: readonly Moment[]) {
  let now = 0;
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
    libvirt: { domainState: () => Promise.resolve(moment().state) },
    files: {
      readTextIfPresent: () => Promise.resolve(moment().log),
      stat: () => Promise.resolve(undefined),
    },
    run: (_program: string, args: readonly string[]) => {
      scans.push(args);
      return Promise.resolve({ exitCode: 0, stdout: moment().scan ?? "", stderr: "" });
    },
  } as unknown as Host;
  return { host, scans, seconds: () => now / 1000 };
}

const watch: InstallationWatch = {
  uuid: "u",
  name: "web",
  log: "/log",
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
  stageOf: (line: string) => /^stage (.*)/.exec(line)?.[1],
  timeoutSeconds: 60,
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
      { from: 30, state: running, log: `stage partitioning\nstage packages\n${mark}\n` },
      { from: 40, state: off, log: `stage partitioning\nstage packages\n${mark}\n` },
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
