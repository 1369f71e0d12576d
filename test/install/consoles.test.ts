import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type FamilyId, familyIds, familyOf } from "../../provider/install/index";

const screenOf = (text: string) => text.split("\n");

/** What a console shows, and what is waited for. */
const prompts: readonly (readonly [family: FamilyId, screen: string, what: string | undefined])[] = [
  [
    "debian",
    "  ┌──────┤ [!] Low memory ├──────┐\n  │ Not enough │\n  │ <Continue> │",
    'the installer asks "Low memory"',
  ],
  ["debian", " +----| [!!] Partition disks |----+\n | <Yes>  <No> |", 'the installer asks "Partition disks"'],
  ["debian", "  ┌──┤ Installing the base system ├──┐\n  │   34%   │", undefined],
  ["debian", "Choose a mirror\n  1: de\nPrompt: '?' for help, default=1>", "the installer asks a question"],
  ["debian", "Prompt: '?' for help, default=1> 2\nLoading", undefined],
  [
    "redhat",
    "1) [x] Language  2) [!] Root password\n\nPlease make a selection from the above ['b' to begin installation, 'q' to\nquit, 'r' to refresh]:",
    'the installer asks "Please make a selection from the above"',
  ],
  [
    "redhat",
    "Would you like to ignore this and continue with installation?\nPlease respond 'yes' or 'no':",
    'the installer asks "Would you like to ignore this and continue with installation?"',
  ],
  ["redhat", "Installing bash.x86_64 (12/345)", undefined],
  ["ubuntu", "Continue with autoinstall? (yes|no)", 'the installer asks "Continue with autoinstall?"'],
  [
    "ubuntu",
    "An error occurred. Press enter to start a shell\nfinish: subiquity/x",
    'the installer asks "Press enter to start a shell"',
  ],
  ["ubuntu", "  [ Done       ]\n  [ Back       ]", "the installer shows a form"],
  ["ubuntu", "subiquity/Install/install: configuring apt", undefined],
  ["suse", "│ Error │\n│   [OK]   │", "YaST shows a pop-up"],
  ["suse", "Performing Installation\n 34%\n[Help]     [Abort] [Back] [Next]", undefined],
  ["suse", "Please choose\n0) <-- Back\n1) Retry\n\n>", "linuxrc asks a question"],
  ["agama", "agama login:", undefined],
];

/** The same for all families. */
const earlier: readonly (readonly [screen: string, what: string | undefined])[] = [
  ["GNU GRUB  version 2.12\n\ngrub> ", "the boot loader GRUB is at its prompt grub>"],
  ["error: no such device\ngrub rescue>", "the boot loader GRUB is at its prompt grub rescue>"],
  ["grub> boot\nLoading", undefined],
  ["ISOLINUX 6.04\nboot:", "the boot loader ISOLINUX is at its prompt boot:"],
  [
    "BdsDxe: No bootable option or device was found.\nBdsDxe: Press any key",
    "the firmware finds no medium to boot from",
  ],
  ["ALERT! /dev/vda1 does not exist\n(initramfs) ", "the initrd's emergency shell is at its prompt (initramfs)"],
  ["Entering emergency mode.\n\ndracut:/# ", "dracut's emergency shell is at its prompt"],
  ["Press Enter for maintenance\n(or press Control-D to continue): ", "systemd's emergency shell is at its prompt"],
  ["Please enter passphrase for disk vda3 (luks):", "the initrd asks for the passphrase of a disk"],
  ["[  OK  ] Reached target basic.target", undefined],
  ["", undefined],
];

describe("a question on the console", () => {
  for (const [family, screen, what] of prompts)
    it(`of ${family}: ${JSON.stringify(screen.slice(0, 40))}`, () =>
      assert.equal(familyOf(family).promptOf(screenOf(screen)), what));
  for (const [screen, what] of earlier)
    it(`before any installer: ${JSON.stringify(screen.slice(0, 40))}`, () => {
      for (const family of familyIds) assert.equal(familyOf(family).promptOf(screenOf(screen)), what, family);
    });
});

describe("the percentage on the console", () => {
  for (const [family, screen, percent] of [
    [
      "debian",
      "┌──┤ Installing the base system ├──┐\n│                                 │\n│              34%               │\n│ Unpacking…  │",
      34,
    ],
    ["debian", "about 34% of it", undefined],
    ["redhat", "Installing a.x86_64 (1/200)\nInstalling b.noarch (3/200)", 1],
    ["redhat", "Downloading 345 RPMs, 10 MiB / 300 MiB (3%) done.", 3],
    ["redhat", "Installing b.noarch (200/200)\nPerforming post-installation setup tasks", undefined],
    ["redhat", "Installing bash-0:5.2.26-3.fc41.x86_64", undefined],
    ["ubuntu", "34%", undefined],
  ] as const)
    it(`of ${family}: ${JSON.stringify(screen.slice(0, 50))}`, () =>
      assert.equal(familyOf(family).percentOf?.(screenOf(screen)), percent));
});

describe("a problem in the installer's log", () => {
  for (const [family, line, problem] of [
    [
      "debian",
      "Nov 30 12:00:01 in-target: E: Unable to locate package nonesuch",
      "E: Unable to locate package nonesuch",
    ],
    [
      "debian",
      "Nov 30 12:00:01 base-installer: error: exiting on error base-installer/no_codename",
      "error: exiting on error base-installer/no_codename",
    ],
    [
      "debian",
      "Nov 30 12:00:01 main-menu[233]: WARNING **: Menu item 'pkgsel' failed.",
      "the installer's step pkgsel failed",
    ],
    ["debian", "Nov 30 12:00:01 main-menu[233]: INFO: Menu item 'pkgsel' selected", undefined],
    ["debian", "Nov 30 12:00:01 log-output: E: passwd/root-password geheim", undefined],
    [
      "redhat",
      "12:01:02,345 ERR packaging: Failed to download the following packages: x",
      "Failed to download the following packages: x",
    ],
    ["redhat", "12:01:02,345 ERR anaconda: line 3 of the kickstart file: rootpw geheim", undefined],
    ["redhat", "12:01:02,345 INF packaging: fine", undefined],
    [
      "ubuntu",
      "Nov 30 12:00:01 ubuntu curtin_log.2036[2188]: E: Unable to locate package nonesuch",
      "E: Unable to locate package nonesuch",
    ],
    ["ubuntu", "Nov 30 12:00:01 ubuntu subiquity_event.1417[1417]: configuring apt", undefined],
  ] as const)
    it(`of ${family}: ${line}`, () => assert.equal(familyOf(family).problemOf?.(line), problem));
});
