import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { knownHostsOf, offersKey, sshCommandOf } from "../../../../provider/resources/machine/guest/ssh";

describe("ssh", () => {
  const key = "ssh-ed25519 AAAAkey";
  it("the command carries the host key, and asks as usual without one", () => {
    assert.match(
      sshCommandOf("10.0.0.1", "root", ["ssh-rsa BBBB", key]) ?? "",
      /KnownHostsCommand=\/bin\/echo 10\.0\.0\.1 ssh-ed25519 AAAAkey'.* root@10\.0\.0\.1$/,
    );
    assert.equal(sshCommandOf("10.0.0.1", "admin", []), "ssh admin@10.0.0.1");
    assert.equal(sshCommandOf(undefined, "root", [key]), undefined);
  });

  it("known hosts are a line for each address and key", () =>
    assert.equal(knownHostsOf(["a", "b"], [key]), `a ${key}\nb ${key}\n`));

  it("a scan shows the key, another one, or none", () => {
    assert.equal(offersKey("# banner\n10.0.0.1 ssh-ed25519 AAAAkey\n", [key]), true);
    assert.equal(offersKey("10.0.0.1 ssh-ed25519 other\n", [key]), false);
    assert.equal(offersKey("10.0.0.1 ssh-ed25519 other\n", []), true);
    assert.equal(offersKey("", [key]), undefined);
  });
});
