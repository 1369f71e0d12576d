import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Conflict } from "../provider/errors";
import { claimOf } from "../provider/ownership";

const urn = "urn:pulumi:a::b::c::web";
const other = "urn:pulumi:x::b::c::web";

describe("a thing that exists", () => {
  for (const [what, owner, adopt, expected] of [
    ["with the resource's own mark is its own", urn, false, "own"],
    ["without a mark is taken over when that is wanted", undefined, true, "adopted"],
    ["of another owner is taken over when that owner is named", other, other, "adopted"],
  ] as const) {
    it(what, () => assert.equal(claimOf(owner, "it", { urn, adopt }), expected));
  }

  for (const [what, owner, adopt, message] of [
    ["without a mark is a conflict otherwise", undefined, false, /kvm-deploy did not make it\. .* set adopt to true;/],
    ["of another owner is not taken over by a mere true", other, true, /it belongs to urn:pulumi:x.* to that URN;/],
    ["of another owner than the one named is a conflict", other, `${other}-2`, /it belongs to urn:pulumi:x/],
  ] as const) {
    it(what, () =>
      assert.throws(
        () => claimOf(owner, 'a machine named "web"', { urn, adopt }),
        (error) => error instanceof Conflict && error.property === "name" && message.test(error.message),
      ),
    );
  }
});
