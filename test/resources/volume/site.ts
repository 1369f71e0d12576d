import { parse, textOf } from "../../../provider/format/xml";
import type { Properties } from "../../../provider/resource/handler";
import { volume } from "../../../provider/resources/volume/handler";
import { testContext } from "../../context";
import { site } from "../../site";

export const { connection, host } = site();
const { libvirt, run } = host;

export const urnOf = (name: string) => `urn:pulumi:test::test::kvm:Volume::${name}`;
export const contextOf = (name: string) => testContext(connection, urnOf(name));

/** Checks and creates. */
export async function made(given: Properties & { readonly name: string }) {
  const context = contextOf(given.name);
  const { inputs, failures } = await volume.check({}, { connection, ...given }, context);
  if (failures.length > 0) throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("; "));
  const { id, outputs } = await volume.create(inputs, context);
  return { id, outputs, inputs, context, remove: () => volume.delete(id, outputs, context) };
}

/** What a check refuses, as `path: reason`. */
export async function refusals(given: Properties, olds: Properties = {}, urn = "none"): Promise<string[]> {
  const { failures } = await volume.check(olds, { connection, name: "refused", ...given }, contextOf(urn));
  return failures.map(({ property, reason }) => `${property}: ${reason}`);
}

export async function definitionOf(name: string) {
  const xml = await libvirt.volume("default", name);
  return xml === undefined ? undefined : parse(xml);
}

export async function bytesOnHost(name: string, what: "capacity" | "allocation" = "capacity"): Promise<number> {
  return Number(textOf(await definitionOf(name), what));
}

/** What a guest would read from the beginning of the image. */
export async function contentOf(path: string, format: "raw" | "qcow2", bytes: number): Promise<Buffer> {
  return host.files.withTemporaryDirectory(async (folder) => {
    const copy = `${folder}/content`;
    await run("qemu-img", ["convert", "-U", "-f", format, "-O", "raw", path, copy]);
    return host.files.readFrom(copy, 0, bytes);
  });
}

/** A running machine that has the image as its disk, and stands still. */
export async function withGuest<T>(
  name: string,
  disk: string,
  use: (uuid: string) => Promise<T>,
  more = "",
): Promise<T> {
  await libvirt.define(
    "domain",
    `<domain type="qemu"><name>${name}</name><memory unit="MiB">64</memory><os><type>hvm</type></os><devices><disk type="file" device="disk">${disk}<target dev="vda" bus="virtio"/></disk>${more}</devices></domain>`,
  );
  const { uuid = "" } = (await libvirt.find("domain", name)) ?? {};
  try {
    await libvirt.start("domain", uuid);
    return await use(uuid);
  } finally {
    await libvirt.stop("domain", uuid);
    await libvirt.undefine("domain", uuid);
  }
}
