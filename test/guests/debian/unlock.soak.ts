import assert from "node:assert/strict";
import { it } from "node:test";
import { installerIso } from "../../../provider/resources/installer-iso/handler";
import { machine } from "../../../provider/resources/machine/handler";
import { network } from "../../../provider/resources/network/handler";
import { volume } from "../../../provider/resources/volume/handler";
import { removeTpmState } from "../../../provider/resources/machine/files/tpm";
import { messageOf } from "../../../provider/values/errors";
import { emulated, emulatedVcpus } from "../../../tools/demo/site";
import { testContext } from "../../context";
import { debianIso, site } from "../../site";

const { connection, host } = site();

const patienceMs = 8 * 60_000;

/** What the new system reports when it has started. */
const report = String.raw`{
	device=$(blkid -t TYPE=crypto_LUKS -o device)
	echo "started: $(clevis luks list -d "$device")"
	echo "left: $(ls -d /var/lib/kvm-deploy-setup/unlock 2>/dev/null)"
} >/dev/ttyS0`;

it("an encrypted machine starts by its TPM without a question, and asks for its passphrase with another TPM", async () => {
  const name = "unlock";
  const context = testContext(connection, "urn:pulumi:test::test::kvm::unlock");
  const ipv4 = { subnet: "172.16.1.0/24", dhcp: { ranges: [{ start: "172.16.1.100", end: "172.16.1.200" }] } };
  const lab = await network.create({ connection, name, mode: "nat", ipv4 }, context);
  const disk = { layout: "encrypted", passphrase: "correct horse", unlock: { tpm2: { pcrs: [7] } } };
  const system = { ...emulated.system, hostname: name, disk, scripts: { firstBoot: [report] } };
  const given = { connection, name, source: await debianIso(host.files), system, debian: emulated.debian };
  const { failures, inputs } = await installerIso.check({}, given, context);
  assert.deepEqual(failures, []);
  const iso = await installerIso.create(inputs, context);
  const root = await volume.create({ connection, name, size: "4GiB" }, context);
  const consoleLog = `${host.directories.consoles}/${name}.console.log`;
  const guest = {
    ...{ connection, name, memory: "1GiB", vcpus: emulatedVcpus, firmware: "uefi", installer: iso.id, consoleLog },
    ...{ disks: [{ volume: root.id, cache: "unsafe" }], nics: [{ network: name }] },
  };
  const readConsole = async () => (await host.files.readTextIfPresent(consoleLog)) ?? "";
  try {
    const without = await machine.check({}, guest, context);
    assert.match(without.failures.map(({ reason }) => reason).join(), /binds the encrypted disk to a TPM 2\.0/);
    const { id } = await machine.create({ ...guest, tpm: {} }, context).catch(async (error: unknown) => {
      const log = (await host.files.readTextIfPresent(`${host.directories.consoles}/${name}.installer.log`)) ?? "";
      throw new Error(`${messageOf(error)}\n${log.slice(-5000)}`, { cause: error });
    });
    await until(async () => /^left: \r?$/m.test(await readConsole()), readConsole);
    const bound = /started: (.*)/.exec(await readConsole())?.[1];
    assert.match(String(bound), /^2: tpm2 '\{"hash":"sha256","key":"ecc","pcr_bank":"sha256","pcr_ids":"7"\}'/);

    const startedAgain = async () => {
      const before = (await readConsole()).length;
      await host.libvirt.start("domain", id, { freshNvram: false, boots: true });
      return async () => (await readConsole()).slice(before);
    };
    await until(async () => /login:/.test(await readConsole()), readConsole);
    await host.libvirt.stop("domain", id);
    const byTpm = await startedAgain();
    await until(async () => /login:/.test(await byTpm()), byTpm);

    await host.libvirt.stop("domain", id);
    await removeTpmState(host, id);
    const byOther = await startedAgain();
    await until(async () => /Please unlock disk/.test(await byOther()), byOther);
    await host.clock.sleep(30_000);
    assert.doesNotMatch(await byOther(), /Unlocked|login:/);
  } finally {
    const entry = await host.libvirt.find("domain", name);
    if (entry !== undefined) await machine.delete(entry.uuid, { ...guest, macAddresses: [] }, context);
    await volume.delete(root.id, root.outputs, context);
    await installerIso.delete(iso.id, { ...inputs, ...iso.outputs }, context);
    await network.delete(lab.id, { ...lab.outputs, connection, name }, context);
  }
});

async function until(isSo: () => Promise<boolean>, readText: () => Promise<string>): Promise<void> {
  const end = host.clock.now() + patienceMs;
  while (!(await isSo())) {
    assert.ok(host.clock.now() < end, `it takes too long; the console ends with:\n${(await readText()).slice(-3000)}`);
    await host.clock.sleep(2_000);
  }
}
