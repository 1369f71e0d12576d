import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { render } from "../../provider/format/xml";
import { withMark } from "../../provider/libvirt/mark";
import { installerIso } from "../../provider/resources/installer-iso/handler";
import { machineInputs } from "../../provider/resources/machine/schema";
import { installerLogOf } from "../../provider/resources/machine/files/logs";
import { survey } from "../../provider/resources/machine/observe";
import { machineXml } from "../../provider/resources/machine/definition/xml";
import { emulated } from "../../tools/demo/site";
import { testContext } from "../context";
import { debianIso, site } from "../site";

const { connection, host } = site();
const { libvirt, files, clock } = host;
const patienceMs = 5 * 60_000;

/** What the installer's log says when it has loaded the answers, and when it acts on them without a question. */
const loaded = "successfully loaded preseed file from file:///preseed.cfg";
const acted = "Menu item 'netcfg' selected";

describe("the installer of a remastered ISO reads its answers and acts on them", () => {
  const context = testContext(connection, "urn:pulumi:test::test::kvm::reads");
  let made: Awaited<ReturnType<typeof installerIso.create>>;

  before(async () => {
    const { debian } = emulated;
    const system = { ...emulated.system, hostname: "reads" };
    const inputs = { name: "reads", source: await debianIso(files), system, debian };
    const checked = await installerIso.check({}, inputs, context);
    assert.deepEqual(checked.failures, []);
    made = await installerIso.create(checked.inputs, context);
  });
  after(() => installerIso.delete(made.id, made.outputs, context));

  for (const firmware of ["bios", "uefi"] as const) {
    it(`booted by ${firmware}`, async () => {
      const inputs = machineInputs.parse({ connection, name: `reads-${firmware}`, memory: "1GiB", firmware });
      const surroundings = await survey(host, inputs, `${context.identity}-${firmware}`);
      const media = { iso: made.id, log: installerLogOf(host, inputs) };
      await files.makeFolder(host.folders.consoles, 0o711);
      await Promise.all([files.write(media.log, ""), files.write(surroundings.consoleLogPath, "")]);
      const xml = withMark(machineXml(inputs, surroundings, media), {
        owner: context.urn,
        identity: context.identity,
        phase: "installing",
      });
      await libvirt.define("domain", render(xml));
      try {
        await libvirt.start("domain", surroundings.uuid);
        const log = await waitForText(media.log, acted);
        assert.ok(log.includes(loaded), "the answers were loaded from the initrd");
      } finally {
        await libvirt.stop("domain", surroundings.uuid);
        await libvirt.undefine("domain", surroundings.uuid);
        await Promise.all([files.remove(media.log), files.remove(surroundings.consoleLogPath)]);
      }
    });
  }
});

async function waitForText(file: string, text: string): Promise<string> {
  const until = clock.now() + patienceMs;
  for (;;) {
    const content = (await files.readTextIfPresent(file)) ?? "";
    if (content.includes(text)) return content;
    assert.ok(clock.now() < until, `"${text}" does not come; the log ends: ${content.slice(-500)}`);
    await clock.sleep(500);
  }
}
