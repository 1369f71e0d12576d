/** A small Linux that tells what it was given. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeSmallLinux, packInitrd } from "../small-linux";

const ingredients = {
  kernelPackage: "linux-image-cloud-amd64",
  /** Drivers of virtual CD-ROMs and disks, and the file system of ISOs. */
  modules: [
    ...["scsi_common", "scsi_mod", "virtio_scsi", "libata", "libahci", "ahci", "cdrom", "sr_mod", "sd_mod"],
    ...["virtio_blk", "isofs"],
  ],
  init: join(__dirname, "init.sh"),
  packages: ["shim-signed", "grub-efi-amd64-signed"],
};

export interface Kernel {
  readonly kernel: string;
  /** The initrd of the ISO with that name. */
  readonly initrdFor: (name: string) => Promise<Buffer>;
  /** The folder with what shim and GRUB for Secure Boot are made of. */
  readonly loaders: string;
}

export async function makeKernel(work: string): Promise<Kernel> {
  const linux = await makeSmallLinux(ingredients, work);
  const initrdFor = async (name: string): Promise<Buffer> => {
    await writeFile(join(linux.initrd, "name"), `${name}\n`);
    return packInitrd(linux);
  };
  return { kernel: linux.kernel, initrdFor, loaders: linux.packages };
}
