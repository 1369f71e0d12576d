import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/** Something that another program does at the very moment of one of our commands. */
export interface Hook {
  readonly when: "before" | "after";
  /** The virsh command, such as `shutdown`; its first use alone. */
  readonly command: string;
  /** What is done then, in shell; `$VIRSH` is the real virsh with its connection. */
  readonly script: string;
}

/**
 * Runs `work` with a virsh in front of the real one, which runs the hook: so the window between a look and what follows it is
 * hit at the first try. Fails when the command never came.
 */
export async function withHook(connection: string, { when, command, script }: Hook, work: () => Promise<unknown>) {
  const folder = await mkdtemp(path.join(tmpdir(), "kvm-deploy-hook-"));
  const before = process.env["PATH"] ?? "";
  const hook = `if mkdir "${folder}/fired" 2> "${folder}/log"; then ( ${script} ) > "${folder}/log" 2>&1 < /dev/null; fi`;
  const wrapper = `#!/bin/sh
PATH='${before}'
VIRSH='virsh -q -c ${connection}'
if [ "$4" != '${command}' ]; then exec virsh "$@"; fi
${when === "before" ? `${hook}\nexec virsh "$@"` : `virsh "$@"\nresult=$?\n${hook}\nexit $result`}
`;
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "virsh"), wrapper);
  await chmod(path.join(folder, "virsh"), 0o755);
  process.env["PATH"] = `${folder}:${before}`;
  try {
    await work();
    await stat(path.join(folder, "fired"));
  } finally {
    process.env["PATH"] = before;
    await rm(folder, { recursive: true });
  }
}
