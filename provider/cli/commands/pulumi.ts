import { type Request, valueOf, wordsOf, type World } from "../command";
import { configurationFile } from "../configuration-file";
import { openStack } from "../stack/open";

/** Pulumi's own CLI, on the stack of a configuration. */
export async function run(request: Request, world: World): Promise<number> {
  const file = await configurationFile(request, world);
  // A new stack's secrets are set before its first preview.
  const creates = (await world.files.stat(file)) !== undefined;
  const wish = { file, name: valueOf(request, "stack"), isSure: false, creates };
  const { name, stack } = await openStack(wish, world);
  const { pulumiCommand, workDir, envVars } = stack.workspace;
  const env = { ...envVars, PULUMI_STACK: name };
  return world.runInForeground(pulumiCommand.command, wordsOf(request, "COMMAND"), { env, cwd: workDir });
}
