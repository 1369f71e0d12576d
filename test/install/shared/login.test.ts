import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { z } from "zod";
import { loginOf } from "../../../provider/install/shared/login";
import { systemOptions } from "../../../provider/install/shared/system";
import { hash } from "../debian/options";
import { makeKeyPair } from "./keys";

describe("how to reach what was installed", () => {
  const { publicKey } = makeKeyPair("-t", "ed25519");
  const cases: [options: z.input<typeof systemOptions>, login: string | undefined][] = [
    [{}, undefined],
    [{ rootKeys: [publicKey], users: [{ name: "ann", password: hash }] }, "root"],
    // sshd refuses the password of root.
    [{ rootPassword: hash, users: [{ name: "ann", keys: [publicKey] }] }, "ann"],
    [{ rootPassword: hash }, undefined],
    [{ rootPassword: hash, users: [{ name: "ann" }] }, undefined],
    [{ rootKeys: [publicKey], users: [{ name: "ann", keys: [publicKey] }], handOver: { ansible: {} } }, "root"],
    [
      {
        rootKeys: [publicKey],
        users: [{ name: "ann", keys: [publicKey], sudo: true }],
        handOver: { ansible: { user: "ann" } },
      },
      "ann",
    ],
    [{ users: [{ name: "bob" }, { name: "ann", keys: [publicKey] }] }, "ann"],
  ];
  for (const [options, login] of cases) {
    it(`${JSON.stringify(Object.keys(options))}: as ${login ?? "nobody"}`, () =>
      assert.equal(loginOf(systemOptions.parse(options)).login, login));
  }

  it("with answers of one's own, whose accounts no option names: as root", () =>
    assert.equal(loginOf(systemOptions.parse({ rootPassword: hash }), "own.cfg").login, "root"));
});
