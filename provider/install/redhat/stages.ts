/** Queues of the installer's work, as its log names them, and what they are to the user. */
const stages: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "Early storage configuration": "partitioning",
    "Payload installation": "packages",
    "Bootloader installation": "boot loader",
    "Installed system configuration": "configuration",
    "Initramfs generation": "initial RAM disk",
    "Post installation scripts": "finishing",
  }),
);

/** `12:01:02,345 INF installation: Queue started: Payload installation (9/22)`; the word before differs by release. */
export function stageOfLine(line: string): string | undefined {
  const queue = /\bQueue started: (.+?) \(\d+\/\d+\)/.exec(line)?.[1];
  return queue === undefined ? undefined : stages.get(queue);
}
