import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { hostsWith } from "../../../provider/engine/open-host";
import type { Host } from "../../../provider/resource/host";
import { network } from "../../../provider/resources/network/handler";
import { type EmbeddedLibvirt, startEmbedded, TEST_STATE_DIR } from "../../../tools/embedded/index";
import { hasSshServer, serveSsh, type SshServer, sshHost } from "../../../tools/embedded/ssh-server";
import { testContext } from "../../context";
import { until } from "../processes";

const skip = !hasSshServer() && "set-up could not get sshd";

describe("a host that is reached by SSH", { skip }, () => {
  let embedded: EmbeddedLibvirt;
  let server: SshServer;
  /** As another program has it. */
  const open = (uri = server.uri): Host => hostsWith({})(uri);

  before(async () => {
    embedded = await startEmbedded({ stateDir: `${TEST_STATE_DIR}-ssh`, lifetime: "process" });
    server = await serveSsh(embedded);
  });
  after(() => embedded.stop());

  it("is logged in to once, for all that is done there", async () => {
    const before = await server.logins();
    const host = open();
    const context = { ...testContext(server.uri), host: () => host };
    const names = Array.from({ length: 12 }, (_, index) => `n${index}`);
    await Promise.all(
      names.map(async (name) => {
        const own = { ...context, urn: `urn:${name}`, identity: randomUUID() };
        const { inputs, failures } = await network.check({}, { name, mode: "isolated" }, own);
        assert.deepEqual(failures, []);
        const { id, outputs } = await network.create(inputs, own);
        await network.delete(id, outputs, own);
      }),
    );
    assert.equal((await server.logins()) - before, 1);
  });

  it("runs programs with their own errors, and ends them at a time limit", async () => {
    const host = open();
    await assert.rejects(host.run("cat", ["/absent"]), /^CommandFailed: cat failed with exit code 1: cat: \/absent/);
    await assert.rejects(host.run("sh", ["-c", "exit 255"]), /sh failed with exit code 255/);
    await assert.rejects(host.run("no-such", []), /no-such is not installed on qemu\+ssh:\/\/root@kvm-host\/system/);
    await assert.rejects(host.run("sleep", ["98765"], { timeoutMs: 300 }), { code: "timeout" });
    const { stdout } = await host.run("sh", ["-c", "sleep 0.3; ps -eo args"]);
    assert.doesNotMatch(stdout, /sleep 98765/);
  });

  it("keeps another program out of a lock, until the connection ends", async () => {
    const [one, other] = [open(), open()];
    await other.files.list("/");
    const said: string[] = [];
    const got = new AbortController();
    let next: Promise<void> | undefined;
    await assert.rejects(
      one.lock("x", async () => {
        next = other.lock(
          "x",
          () =>
            Promise.resolve().then(() => {
              got.abort();
            }),
          { progress: (text) => said.push(text) },
        );
        assert.ok(await until(() => said.some((text) => text.includes("holds the lock for x"))));
        assert.ok(!got.signal.aborted);
        await one.run("sh", ["-c", `kill -KILL ${(await ownShell(one)).pid}`]);
        await one.files.list("/");
      }),
      { code: "unreachable", message: /the connection to .* was lost\. Check the network/ },
    );
    await next;
    assert.ok(got.signal.aborted);
  });

  it("keeps a program on the host itself out of a lock", async () => {
    const host = open();
    await host.lock("y", async () => {
      const tried = await host.run("sh", ["-c", `flock -n ${host.directories.locks}/* true`], { accept: [1] });
      assert.equal(tried.exitCode, 1);
    });
    assert.deepEqual(await host.files.list(host.directories.locks), []);
  });

  it("whose connection was lost is changed no more", async () => {
    const host = open();
    await host.files.write("/run/before", "x");
    await host.run("sh", ["-c", `kill -KILL ${(await ownShell(host)).pid}`]);
    await assert.rejects(host.files.write("/run/after", "x"), { code: "unreachable" });
    await assert.rejects(host.run("touch", ["/run/after"]), { code: "unreachable" });
    assert.deepEqual(
      [await open().files.stat("/run/after"), (await open().files.stat("/run/before"))?.bytes],
      [undefined, 1],
    );
  });

  it("whose key is not known, or has changed, is refused with its fingerprint and what accepts it", async () => {
    const knownHosts = path.join(server.directory, "known_hosts");
    const known = readFileSync(knownHosts, "utf8");
    const fingerprint =
      execFileSync("ssh-keygen", ["-lf", path.join(server.directory, "host.pub")])
        .toString()
        .split(" ")[1] ?? "";
    const failureWith = async (lines: string) => {
      writeFileSync(knownHosts, lines);
      const error: unknown = await open()
        .files.list("/")
        .catch((failure: unknown) => failure);
      assert.ok(error instanceof Error);
      assert.equal(readFileSync(knownHosts, "utf8"), lines);
      return error.message;
    };
    try {
      const unknown = await failureWith("");
      assert.ok(unknown.includes(`its host key is not known: ssh-ed25519 ${fingerprint}`), unknown);
      assert.match(unknown, /accept it by: \S*\/ssh -t -o StrictHostKeyChecking=ask -l root -- kvm-host true/);
      const changed = await failureWith(`${sshHost} ${readFileSync(path.join(server.directory, "login.pub"), "utf8")}`);
      assert.ok(changed.includes(`its host key has changed: ssh-ed25519 ${fingerprint}`), changed);
      assert.match(changed, /remove the old key by: 'ssh-keygen' '-f' '\S*known_hosts' '-R' 'kvm-host'/);
    } finally {
      writeFileSync(knownHosts, known);
    }
  });

  it("that refuses the login, does not answer, or can't be reached without a program says so", async () => {
    const failing = (uri: string, pattern: RegExp) => assert.rejects(open(uri).files.list("/"), pattern);
    await failing(
      server.uri.replace("root@", "nobody@"),
      /connection: .* refuses the login \(it allows: publickey.*ssh-add/,
    );
    await failing("qemu+ssh://root@127.0.0.1:1/system", /does not answer: Connection refused\. Check that it runs/);
    await failing("qemu+ssh://root@kvm1/system?command=/no/ssh", /the program \/no\/ssh is not installed/);
  });
});

/** The shell of the host's connection. */
async function ownShell(host: Host): Promise<{ readonly pid: number }> {
  return host.files.withTemporaryDirectory((directory) =>
    Promise.resolve({ pid: Number(/\.kvm-deploy-\d+-(\d+)-/.exec(directory)?.[1]) }),
  );
}
