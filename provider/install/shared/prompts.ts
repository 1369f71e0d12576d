/** How a question on a console is recognised. */
export interface Prompt {
  readonly line: RegExp;
  /** Whether only the last line with text counts, where the cursor is. */
  readonly isLast?: boolean;
  /** What waits for an answer, and for which one. */
  readonly what: (found: RegExpExecArray) => string;
}

/** Prompts of the programs that run before the installer: the firmware, the boot loader, the initrd, systemd. */
const beforeInstaller: readonly Prompt[] = [
  { line: /^grub(?: rescue)?>$/, isLast: true, what: ([prompt]) => `the boot loader GRUB is at its prompt ${prompt}` },
  { line: /^boot:$/, isLast: true, what: () => "the boot loader ISOLINUX is at its prompt boot:" },
  { line: /^Shell>$/, isLast: true, what: () => "the firmware is at its prompt Shell>" },
  { line: /^BdsDxe: No bootable option or device was found/, what: () => "the firmware finds no medium to boot from" },
  { line: /^\(initramfs\)$/, isLast: true, what: () => "the initrd's emergency shell is at its prompt (initramfs)" },
  { line: /^dracut:\S*[#$]$/, isLast: true, what: () => "dracut's emergency shell is at its prompt" },
  {
    line: /(?:Give root password|Press Enter) for (?:system )?maintenance|Control-D to continue/i,
    what: () => "systemd's emergency shell is at its prompt",
  },
  {
    line: /(?:Please )?(?:enter passphrase for|unlock) disk\b.*:/i,
    isLast: true,
    what: () => "the initrd asks for the passphrase of a disk",
  },
];

/** @returns the `promptOf` of a family with these prompts of its own */
export function promptsOf(own: readonly Prompt[]): (screen: readonly string[]) => string | undefined {
  const all = [...own, ...beforeInstaller];
  return (screen) => {
    const lines = screen.map((line) => line.trim()).filter((line) => line !== "");
    for (const { line, isLast = false, what } of all) {
      const found = (isLast ? lines.slice(-1) : lines).map((text) => line.exec(text)).find((match) => match !== null);
      if (found !== undefined) return what(found);
    }
    return undefined;
  };
}

/** A question that is quoted as it is. */
export function question(line: RegExp, isLast = false): Prompt {
  return { line, isLast, what: ([words]) => `the installer asks "${words}"` };
}
