import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { isArgument } from "../../provider/format/kernel-arguments";
import { renderGrub, renderGrubPointer } from "../../provider/iso/boot-config";
import fc from "../properties";
import { root } from "../site";

const landmark = "kvm-deploy/installation.json";
const entry = { kernel: "k/vmlinuz", initrds: ["k/initrd", "k/answers.gz"], args: ["quiet"], landmark };
const files = globSync("test/media/**/{grub.cfg,BOOT.conf}", { cwd: root });

describe("the menus of real ISOs", () => {
  it("are at hand", () => assert.ok(files.length >= 5, files.join(" ")));

  for (const file of files) {
    const menu = readFileSync(path.join(root, file), "utf8");

    it(`${file} is replaced by the same menu, however often, with the commands that it uses itself`, () => {
      const once = renderGrub(entry, menu);
      assert.equal(renderGrub(entry, once), once);
      const command = /^\s*(linux(?:efi)?)\s/m.exec(menu)?.[1] ?? "linux";
      assert.match(once, new RegExp(`^  ${command} /k/vmlinuz quiet$`, "m"));
    });

    if (/EFI\/BOOT\//.test(file) && menu.includes("menuentry")) {
      it(`${file} has room for what leads to the ISO's menu`, () => {
        assert.ok(renderGrubPointer("EFI/BOOT/grub.cfg", landmark).length < menu.length);
      });
    }
  }
});

describe("a menu with any arguments", () => {
  it("has one entry with one line for the kernel, and no other line changes", () => {
    const argument = fc.string({ minLength: 1, maxLength: 30, unit: "binary" }).filter(isArgument);
    const lines = renderGrub({ ...entry, args: [] }).split("\n");
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 8 }), (args) => {
        const changed = renderGrub({ ...entry, args }).split("\n");
        assert.equal(changed.length, lines.length);
        const different = changed.filter((line, index) => line !== lines[index]);
        assert.ok(different.every((line) => line.startsWith("  linux /k/vmlinuz")));
      }),
    );
  });
});
