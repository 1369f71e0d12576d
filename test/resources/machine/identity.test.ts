import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { macsOf, uuidOf } from "../../../provider/resources/machine/identity";

const urn = "urn:pulumi:test::test::kvm::machine-unit";

describe("a machine's identity", () => {
  it("is the same for the same resource, and another for another host", () => {
    assert.equal(uuidOf("a", urn), uuidOf("a", urn));
    assert.notEqual(uuidOf("a", urn), uuidOf("b", urn));
    assert.match(uuidOf("a", urn), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("a NIC keeps its MAC address when one before it comes or goes", () => {
    const [first, second] = macsOf({ nics: [{ network: "a" }, { network: "b" }] }, urn);
    assert.deepEqual(macsOf({ nics: [{ network: "b" }] }, urn), [second]);
    assert.notEqual(macsOf({ nics: [{ network: "a" }, { network: "a" }] }, urn)[1], first);
    assert.deepEqual(macsOf({ nics: [{ network: "a", mac: "52:54:00:00:00:07" }] }, urn), ["52:54:00:00:00:07"]);
  });
});
