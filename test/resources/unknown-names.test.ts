import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Handler, Properties } from "../../provider/resource/handler";
import { unknownValue } from "../../provider/resource/known";
import { machine } from "../../provider/resources/machine/handler";
import { storagePool } from "../../provider/resources/storage-pool/handler";
import { volume } from "../../provider/resources/volume/handler";
import { testContext } from "../context";
import { site } from "../site";

const { connection } = site();

const auth = { username: "a", secret: "no-such-secret" };
const iscsi = { host: "10.0.0.1", target: "iqn.2026-01.test:a", auth };
const installed = { memory: "64MiB", domainType: "qemu", disks: [{ volume: unknownValue }], installer: "/no/such.iso" };

const cases: readonly (readonly [string, Handler, Properties, RegExp])[] = [
  ["a missing installer", machine, installed, /^installer: \/no\/such\.iso does not exist/],
  ["a missing backing file", volume, { size: "1MiB", backing: { path: "/no/such" } }, /^backing\.path: /],
  ["a missing file of its content", volume, { size: unknownValue, source: { path: "/no/such" } }, /^source\.path: /],
  ["a path below a file", storagePool, { path: "/etc/hostname/pool" }, /^path: \/etc\/hostname is a file/],
  ["a missing driver or secret", storagePool, { iscsi }, /^iscsi(\.auth\.secret)?: the host's/],
];

describe("while the name is unknown at preview", () => {
  const failuresOf = async (handler: Handler, inputs: Properties): Promise<string[]> => {
    const program = { connection, name: unknownValue, ...inputs };
    const { failures } = await handler.check({}, program, testContext(connection));
    return failures.map(({ property, reason }) => `${property}: ${reason}`);
  };

  for (const [what, handler, inputs, expected] of cases) {
    it(`${what} is a failure`, async () => {
      const failures = await failuresOf(handler, inputs);
      assert.equal(failures.length, 1, failures.join("\n"));
      assert.match(failures[0] ?? "", expected);
    });
    it(`${what} is none of what is to be taken over`, async () => {
      assert.deepEqual(await failuresOf(handler, { ...inputs, adopt: true }), []);
    });
  }
});
