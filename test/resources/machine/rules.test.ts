import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { machineInputs } from "../../../provider/resources/machine/schema";

const base = { memory: "1GiB", disks: [{ volume: "p/disk0" }], nics: [{ network: "unit" }] };

describe("a machine's rules", () => {
  const problems = (given: object) =>
    machineInputs
      .safeParse({ ...base, name: "m", ...given })
      .error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
  for (const [given, expected] of [
    [
      { disks: [{ volume: "p/a" }, { volume: "p/a" }] },
      "disks.1.volume: p/a is disks[0] already; name each volume once",
    ],
    [
      {
        nics: [
          { network: "n", address: "10.0.0.1" },
          { network: "n", address: "10.0.0.1" },
        ],
      },
      "nics.1.address: 10.0.0.1 is given to nics[0] already; choose another",
    ],
    [
      {
        nics: [
          { network: "n", mac: "52:54:00:00:00:AA" },
          { network: "m", mac: "52:54:00:00:00:aa" },
        ],
      },
      "nics.1.mac: 52:54:00:00:00:aa is given to nics[0] already; choose another",
    ],
    [{ disks: [], installer: "/i.iso" }, "disks: is empty: an installation needs a disk"],
    [{ nics: [], wait: "ssh" }, 'wait: "ssh" needs a network interface; add one to nics, or wait for "none"'],
    [
      { installTimeout: "soon" },
      'installTimeout: "soon" is not a time span; write a whole number with s, m or h, such as "10m"',
    ],
  ] as const) {
    it(expected, () => assert.deepEqual(problems(given), [expected]));
  }
});
