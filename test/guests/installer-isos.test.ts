import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import path from "node:path";
import { before, describe, it } from "node:test";
import type { BootMedia } from "../../provider/install/family";
import { probesOf } from "../../provider/install/index";
import { withConsoles } from "../../provider/install/shared/boot-arguments";
import { inspectIso } from "../../provider/iso/inspect";
import { planRemaster } from "../../provider/iso/plan";
import { remaster } from "../../provider/iso/remaster";
import { installerIsos } from "../../tools/installer-isos/index";
import { scratchFolder, scratchHost } from "../iso/host";
import { mediaOf } from "../iso/layouts";
import { root } from "../site";
import { type Boot, bootIso } from "./qemu";

const answers = {
  initrd: [{ path: "kvm-deploy/preseed.cfg", content: "secret\n", mode: 0o600 }],
  iso: [{ path: "autoinstall.yaml", content: "#cloud-config\n", mode: 0o400 }],
  bootArguments: withConsoles(["quiet", "no_timer_check", "x=a;b$6{c}"]),
};
const installation = {
  ...{ schemaVersion: 1 as const, owner: "urn", digest: "d", family: "debian" as const, release: "r", mark: "m" },
  ...{ login: "root", hostKeys: [], keep: true },
};

/** One of each layout. Debian's loaders are the signed ones, so that they are booted with Secure Boot. */
const boots: readonly (Omit<Boot, "iso"> & { readonly name: string })[] = [
  ...["debian-13", "ubuntu-20.04", "ubuntu-24.04", "fedora-43", "alma-9", "alma-10"],
  ...["leap-15.6", "leap-16.0", "sles-16.1"],
].flatMap((name) => [
  { name, firmware: "bios", medium: "cd" },
  { name, firmware: name === "debian-13" ? "secure" : "uefi", medium: "cd" },
]);
/** Its menu then is the one inside the appended EFI partition. */
const stick = { name: "alma-10", firmware: "uefi", medium: "disk" } as const;

describe("a remastered ISO", () => {
  const folder = scratchFolder();
  let isoOf: (name: string) => string;
  before(async () => {
    isoOf = await installerIsos(path.join(root, ".cache/installer-isos"));
  });

  for (const { name, firmware, medium } of [...boots, stick]) {
    it(`of ${name} boots by ${firmware} from a ${medium}, with its arguments, answers and screen`, async () => {
      const { iso, media } = await made(name);
      const told = await bootIso({ iso, firmware, medium }, folder);
      assert.match(told, new RegExp(`^fixture name ${name}$`, "m"));
      assert.match(told, /^fixture end$/m);
      assert.match(told, firmware === "bios" ? /^fixture firmware bios$/m : /^fixture firmware uefi$/m);
      assert.match(told, firmware === "bios" ? /^fixture screen VGA/m : /^fixture screen frame buffer/m);
      assert.equal(/^fixture secure boot$/m.test(told), firmware === "secure");
      const expected = [...media.baseArguments, ...answers.bootArguments].join(" ");
      const [, cmdline] = /^fixture cmdline (.*)$/m.exec(told) ?? [];
      assert.ok(cmdline?.endsWith(` ${expected}`), cmdline);
      for (const { path: file, content } of answers.initrd)
        assert.ok(told.includes(seen("initrd", content, 600, file)));
      for (const { path: file, content } of answers.iso) assert.ok(told.includes(seen("iso", content, 400, file)));
    });
  }

  const host = scratchHost(folder);

  async function made(name: string): Promise<{ iso: string; media: BootMedia }> {
    const [source, target] = [isoOf(name), path.join(folder, `${name}.iso`)];
    const iso = await inspectIso(source, probesOf, host);
    const media = mediaOf(name, iso);
    await remaster(source, target, planRemaster(iso, media, answers, installation), host);
    return { iso: target, media };
  }
});

function seen(where: "initrd" | "iso", content: string, mode: number, file: string): string {
  return `fixture ${where} ${createHash("md5").update(content).digest("hex")} ${mode} ${file}\n`;
}
