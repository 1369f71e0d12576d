import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parse, render } from "../../../provider/format/xml";
import { planUpdate } from "../../../provider/resources/volume/plan";
import { readVolume } from "../../../provider/resources/volume/read";
import { volumeInputs } from "../../../provider/resources/volume/schema";
import { volume } from "../../../provider/resources/volume/handler";
import { volumeXml } from "../../../provider/resources/volume/xml";
import { testContext } from "../../context";
import { site } from "../../site";

const { connection, host } = site();
const { libvirt } = host;

describe("a volume", () => {
  for (const format of ["qcow2", "raw"] as const) {
    it(`in ${format} is made by libvirt, takes no space, and reads back as what was asked for`, async () => {
      const { uuid = "" } = (await libvirt.find("pool", "default")) ?? {};
      const inputs = volumeInputs.parse({ connection, name: `unit-${format}`, format, size: "8MiB" });
      await libvirt.createVolume(uuid, render(volumeXml(inputs)));
      try {
        const made = parse((await libvirt.volume(uuid, inputs.name)) ?? "");
        assert.deepEqual(readVolume(made, inputs), inputs);
      } finally {
        await libvirt.deleteVolume(uuid, inputs.name);
      }
    });
  }

  const sized = (size: string) => volumeInputs.parse({ name: "v", size });

  it("grows by itself, or by the running machine that has it open", () => {
    assert.deepEqual(planUpdate(sized("1GiB"), sized("2GiB"), undefined), [{ kind: "grow", bytes: 2 ** 31 }]);
    assert.deepEqual(planUpdate(sized("1GiB"), sized("2GiB"), "u"), [
      { kind: "grow-online", domainUuid: "u", bytes: 2 ** 31 },
    ]);
    assert.deepEqual(planUpdate(sized("1GiB"), sized("1024MiB"), undefined), []);
  });

  for (const [field, value] of Object.entries({ format: "raw", pool: "other", name: "w", size: "1MiB" })) {
    it(`refuses another ${field}, with the way out`, async () => {
      const olds = { ...sized("1GiB"), connection };
      const { failures } = await volume.check(olds, { ...olds, [field]: value }, testContext(connection));
      assert.deepEqual(
        failures.map(({ property }) => property),
        [field],
      );
      assert.match(failures[0]?.reason ?? "", /make a new volume/i);
    });
  }
});
