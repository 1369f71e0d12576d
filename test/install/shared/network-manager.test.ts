import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { type KeyfileAdditions, keyfiles, keyfileScript } from "../../../provider/install/shared/network-manager";

const own = "[connection]\nid=lan\ninterface-name=eth0\n\n[ipv4]\nmethod=manual\n";

describe("additions to NetworkManager's keyfiles", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "keyfiles-"));
    writeFileSync(path.join(folder, "a.nmconnection"), own.replaceAll(/lan|eth0/g, "other"));
    writeFileSync(path.join(folder, "b.nmconnection"), own);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = (additions: KeyfileAdditions) => {
    const [script] = keyfileScript([additions]);
    return spawnSync("sh", { input: String(script?.content).replaceAll(keyfiles, folder), encoding: "utf8" });
  };
  const contentOf = (name: string) => readFileSync(path.join(folder, `${name}.nmconnection`), "utf8");

  for (const connection of ["lan", "eth0"]) {
    it(`go to the end of the file of the connection ${connection}, and of no other`, () => {
      const routes = [
        { to: "10.0.0.0/8", via: "172.16.1.1", metric: 50 },
        { to: "2001:db8:9::/48", via: "fe80::1" },
        { to: "10.1.0.0/16", via: "172.16.1.1" },
      ];
      const { status, stderr } = run({ connection, method6: "disabled", routes });
      assert.equal(status, 0, stderr);
      assert.equal(
        contentOf("b"),
        `${own}
[ipv4]
route100=10.0.0.0/8,172.16.1.1,50
route101=10.1.0.0/16,172.16.1.1

[ipv6]
method=disabled
route100=2001:db8:9::/48,fe80::1
`,
      );
      assert.equal(contentOf("a"), own.replaceAll(/lan|eth0/g, "other"));
    });
  }

  it("fail where there is no such connection, whatever characters its name has", () => {
    const { status, stderr } = run({ connection: "a'$(id).*", method6: "disabled", routes: [] });
    assert.equal(status, 1);
    assert.equal(stderr, "NetworkManager has no connection a'$(id).*\n");
    assert.equal(contentOf("b"), own);
  });

  it("are no script where there are none", () => {
    assert.deepEqual(keyfileScript([{ connection: "lan", routes: [] }]), []);
  });
});
