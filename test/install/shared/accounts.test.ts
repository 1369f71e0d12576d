import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { passwordHash, publicKey, userName } from "../../../provider/install/shared/accounts";
import { makeKeyPair } from "./keys";

describe("a password hash", () => {
  const hashes = [
    "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7",
    "$6$rounds=5000$saltsalt$IxDD3jeSOb5eB1CX5LBsqZFVkJdido3OUILO5Ifz5iwMuTS4XMS130MTSuDDl3aCI6WouIL9AjRbLCelDCy.g.",
    "$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW",
  ];
  for (const hash of hashes) it(`may be ${hash.slice(0, 8)}…`, () => assert.equal(passwordHash.parse(hash), hash));

  for (const wrong of ["hunter2", "*", "!", "$6$", `${hashes[0] ?? ""}\nx`]) {
    it(`can't be ${JSON.stringify(wrong)}, which the message doesn't repeat`, () => {
      const message = passwordHash.safeParse(wrong).error?.issues[0]?.message ?? "";
      assert.match(message, /^must be a crypt\(3\) hash, not a password; make one with `mkpasswd -m yescrypt`/);
      assert.ok(!message.includes("hunter2"));
    });
  }
});

describe("a public key", () => {
  const { privateKey, publicKey: line } = makeKeyPair("-t", "ed25519");
  it("loses the white space around it", () => assert.equal(publicKey.parse(` ${line}\n`), line));
  it("can't be the private one, which the message doesn't repeat", () => {
    const message = publicKey.safeParse(privateKey).error?.issues[0]?.message;
    assert.equal(message, "is a private key; give the content of the .pub file");
  });
  it("can't be a path", () => {
    assert.match(
      publicKey.safeParse("~/.ssh/id.pub").error?.issues[0]?.message ?? "",
      /^is not a public SSH key; give/,
    );
  });
});

describe("a user name", () => {
  for (const name of ["ann", "_apt", "web-1", "Ann.Example", "ANN", "a".repeat(32)])
    it(`may be ${name}`, () => assert.equal(userName.parse(name), name));
  for (const name of ["", "1web", ".ann", "-ann", "ann$", "a b", "a:b", "a".repeat(33), "../etc"]) {
    it(`can't be ${JSON.stringify(name)}`, () => {
      assert.match(userName.safeParse(name).error?.issues[0]?.message ?? "", /is not a user name; use 1 to 32 letters/);
    });
  }
});
