import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Context } from "../../../provider/resource/handler";
import type { Host } from "../../../provider/resource/host";
import { machine } from "../../../provider/resources/machine/handler";
import { testContext } from "../../context";
import { site } from "../../site";

const { connection, host } = site();

/** The host as it is, with another CPU, under a libvirt that offers kvm. */
function hostWith(flag: string): Host {
  const capabilities = "<capabilities><guest><arch name='x86_64'><domain type='kvm'/></arch></guest></capabilities>";
  const readTextIfPresent: Host["files"]["readTextIfPresent"] = (file) =>
    file === "/proc/cpuinfo" ? Promise.resolve(`flags\t\t: fpu ${flag}\n`) : host.files.readTextIfPresent(file);
  const libvirt = { ...host.libvirt, capabilities: () => Promise.resolve(capabilities) };
  return { ...host, libvirt, files: { ...host.files, readTextIfPresent } };
}

async function saidOf(inputs: object, flag: string): Promise<readonly string[]> {
  const context = { ...testContext(connection), host: () => hostWith(flag) } satisfies Context;
  const { failures } = await machine.check({}, { name: "emu", memory: "64MiB", ...inputs }, context);
  assert.deepEqual(failures, []);
  return context.said;
}

describe("a machine is never emulated without a word", () => {
  it("where the host offers no hardware virtualisation, the preview of a new one says so", async () => {
    const [said] = await saidOf({}, "sse4_2");
    assert.match(said ?? "", /^domainType: emu is emulated, which is many times slower, .* set domainType to "qemu"/);
  });

  for (const flag of ["vmx", "svm"])
    it(`with ${flag} it is not emulated`, async () => assert.deepEqual(await saidOf({}, flag), []));

  it("who asks for it knows it", async () => assert.deepEqual(await saidOf({ domainType: "qemu" }, "sse4_2"), []));
});
