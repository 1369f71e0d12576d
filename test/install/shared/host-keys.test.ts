import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hostKey, hostKeyFiles, publicHostKeys } from "../../../provider/install/shared/host-keys";
import { makeKeyPair } from "./keys";

const ed25519 = makeKeyPair("-t", "ed25519");
const ecdsa = makeKeyPair("-t", "ecdsa");
const bare = (line: string) => line.replace(" ann@example", "");

describe("host keys", () => {
  it("end in one line break, however they came", () => {
    for (const text of [ed25519.privateKey, ed25519.privateKey.trim(), ed25519.privateKey.replaceAll("\n", "\r\n")]) {
      assert.equal(hostKey("ed25519").parse(text), ed25519.privateKey);
    }
  });

  it("of another kind are refused", () => {
    const problems = hostKey("rsa").safeParse(ed25519.privateKey).error?.issues;
    assert.deepEqual(
      problems?.map(({ message }) => message),
      ["is a key of the type ssh-ed25519, not rsa"],
    );
  });

  it("become the files that sshd reads, the private ones for root only", () => {
    const files = hostKeyFiles({ ecdsa: ecdsa.privateKey, ed25519: ed25519.privateKey }, "keys");
    assert.deepEqual(files, [
      { path: "keys/ssh_host_ed25519_key", content: ed25519.privateKey, mode: 0o600 },
      { path: "keys/ssh_host_ed25519_key.pub", content: `${bare(ed25519.publicKey)}\n`, mode: 0o644 },
      { path: "keys/ssh_host_ecdsa_key", content: ecdsa.privateKey, mode: 0o600 },
      { path: "keys/ssh_host_ecdsa_key.pub", content: `${bare(ecdsa.publicKey)}\n`, mode: 0o644 },
    ]);
  });

  it("are told by their public halves", () => {
    assert.deepEqual(publicHostKeys({ ed25519: ed25519.privateKey }), [bare(ed25519.publicKey)]);
    assert.deepEqual(publicHostKeys({}), []);
  });
});
