import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { macsOf } from "../../../../provider/resources/machine/definition/macs";

const identity = "8f3b6f0e-6d0a-4c56-9b42-1f6f0f0c0a11";

describe("the MAC addresses of a machine", () => {
  it("are the same for the same machine, and others for another", () => {
    const nics = [{ network: "a" }];
    assert.deepEqual(macsOf({ nics }, identity), macsOf({ nics }, identity));
    assert.notDeepEqual(macsOf({ nics }, identity), macsOf({ nics }, `${identity}-2`));
  });

  it("a NIC keeps its MAC address when one before it comes or goes", () => {
    const [first, second] = macsOf({ nics: [{ network: "a" }, { network: "b" }] }, identity);
    assert.deepEqual(macsOf({ nics: [{ network: "b" }] }, identity), [second]);
    assert.notEqual(macsOf({ nics: [{ network: "a" }, { network: "a" }] }, identity)[1], first);
    assert.deepEqual(macsOf({ nics: [{ network: "a", mac: "52:54:00:00:00:07" }] }, identity), ["52:54:00:00:00:07"]);
  });
});
