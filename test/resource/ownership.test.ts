import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { claimOf } from "../../provider/resource/ownership";
import { Conflict } from "../../provider/values/errors";
import { legacyIdentity } from "../../provider/values/identity";

const urn = "urn:pulumi:a::b::c::web";
const other = "urn:pulumi:x::b::c::web";
const [own, foreign] = ["6d0a1f6f", "0f0c0a11"].map((start) => `${start}-4c56-4b42-9b42-000000000000`) as [
  string,
  string,
];

describe("a thing that exists", () => {
  for (const [what, owner, adopt, expected] of [
    ["with the resource's identity is its own", { owner: urn, identity: own }, false, "own"],
    ["with its identity is its own, whatever the stack was called", { owner: other, identity: own }, false, "own"],
    ["without a mark is taken over when that is wanted", undefined, true, "adopted"],
    ["of another owner is taken over when that owner is named", { owner: other, identity: foreign }, other, "adopted"],
    [
      "of another state that had this URN is taken over when it is named",
      { owner: urn, identity: foreign },
      urn,
      "adopted",
    ],
  ] as const) {
    it(what, () => assert.equal(claimOf(owner, "it", { urn, identity: own, adopt }), expected));
  }

  for (const [what, owner, adopt, message] of [
    ["without a mark is a conflict otherwise", undefined, false, /kvm-deploy did not make it\. .* set adopt to true;/],
    [
      "of another owner is not taken over by a mere true",
      { owner: other, identity: foreign },
      true,
      /it belongs to urn:pulumi:x.* to that URN;/,
    ],
    [
      "of another owner than the one named is a conflict",
      { owner: other, identity: foreign },
      `${other}-2`,
      /it belongs to urn:pulumi:x/,
    ],
    [
      "of another state with the very same URN is a conflict that says so",
      { owner: urn, identity: foreign },
      true,
      /it belongs to urn:pulumi:a.*, as which another state knows it: that of a renamed or copied stack/,
    ],
  ] as const) {
    it(what, () =>
      assert.throws(
        () => claimOf(owner, 'a machine named "web"', { urn, identity: own, adopt }),
        (error) => error instanceof Conflict && error.property === "name" && message.test(error.message),
      ),
    );
  }

  it("that an earlier release made is known by its URN", () => {
    assert.equal(legacyIdentity(urn), legacyIdentity(urn));
    assert.notEqual(legacyIdentity(urn), legacyIdentity(other));
  });
});
