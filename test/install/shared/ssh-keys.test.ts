import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isPublicKey, kindOf, parsePrivateKey } from "../../../provider/install/shared/ssh-keys";
import { makeKeyPair } from "./keys";

const kinds = [
  { args: ["-t", "ed25519"], type: "ssh-ed25519", kind: "ed25519" },
  { args: ["-t", "rsa", "-b", "2048"], type: "ssh-rsa", kind: "rsa" },
  { args: ["-t", "ecdsa", "-b", "256"], type: "ecdsa-sha2-nistp256", kind: "ecdsa" },
  { args: ["-t", "ecdsa", "-b", "521"], type: "ecdsa-sha2-nistp521", kind: "ecdsa" },
];

describe("a key of ssh-keygen", () => {
  for (const { args, type, kind } of kinds) {
    it(`${args.join(" ")}: the private one tells the public one`, () => {
      const { privateKey, publicKey } = makeKeyPair(...args);
      const parsed = parsePrivateKey(privateKey);
      assert.deepEqual(parsed, { type, publicKey: publicKey.replace(" ann@example", "") });
      assert.deepEqual(parsePrivateKey(`\n${privateKey.replaceAll("\n", "\r\n")}`), parsed);
      assert.equal(kindOf(parsed.type), kind);
      assert.ok(isPublicKey(publicKey));
      assert.ok(isPublicKey(parsed.publicKey));
    });
  }

  const { privateKey, publicKey } = makeKeyPair("-t", "ed25519");
  const lines = privateKey.trim().split("\n");
  const wrong = [
    {
      what: "with a passphrase",
      text: makeKeyPair("-t", "ed25519", "-N", "hunter22").privateKey,
      why: /^is protected by/,
    },
    {
      what: "in the old format",
      text: makeKeyPair("-t", "rsa", "-m", "PEM").privateKey,
      why: /^is not in OpenSSH's format/,
    },
    { what: "the public one", text: publicKey, why: /^is a public key/ },
    { what: "cut off", text: [...lines.slice(0, 3), lines.at(-1)].join("\n"), why: /^is truncated/ },
    { what: "some other text", text: "secret", why: /^is not an OpenSSH private key; make one with/ },
    { what: "nothing", text: "", why: /^is not an OpenSSH private key/ },
  ];
  for (const { what, text, why } of wrong) {
    it(`${what} is refused, without any of it in the message`, () => {
      assert.throws(
        () => parsePrivateKey(text),
        (error: Error) => why.test(error.message) && !lines.slice(1, 3).some((line) => error.message.includes(line)),
      );
    });
  }

  it("no host key file is for a DSA or a hardware key", () => {
    for (const type of ["ssh-dss", "sk-ssh-ed25519@openssh.com", "ecdsa-sha2-nistp999"])
      assert.equal(kindOf(type), undefined);
  });

  const notPublic = [
    { what: "with options", line: `no-pty ${publicKey}` },
    { what: "on two lines", line: `${publicKey}\n${publicKey}` },
    { what: "of another type than it says", line: publicKey.replace("ssh-ed25519", "ssh-rsa") },
    { what: "cut off", line: "ssh-ed25519 AAAA" },
    { what: "without its body", line: "ssh-ed25519" },
  ];
  for (const { what, line } of notPublic) {
    it(`a public key ${what} is none`, () => assert.equal(isPublicKey(line), false));
  }
});
