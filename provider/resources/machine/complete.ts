import { isCutOff } from "../../resource/definition";
import type { Context, Properties } from "../../resource/handler";
import type { State } from "../../resource/outputs";
import { isOwn } from "../../libvirt/mark";
import { KvmError } from "../../values/errors";
import { alone } from "./alone";
import { installationStateOf } from "./guest/installing";
import { persistentDefinition } from "./live/definitions";
import { observeForUpdate } from "./observe";
import { runCreate } from "./run";
import type { MachineInputs, MachineOutputs } from "./schema/machine";
import { previousOf, resultOf } from "./state";
import { leaving } from "./guest/leaving";

/**
 * On a refresh: completes an installation that no program waits for, and reports its state. A failure is no failure of
 * the refresh. @returns the complete outputs; undefined if nothing was completed
 */
export async function completeInstallation(
  uuid: string,
  inputs: MachineInputs,
  state: State<MachineOutputs>,
  context: Context,
): Promise<Properties | undefined> {
  if (!isCutOff(state) || inputs.wait !== "nothing") return undefined;
  const host = context.host(inputs.connection);
  const definition = await persistentDefinition(host, uuid);
  if (definition === undefined || !isOwn(definition, context.identity)) return undefined;
  const installation = await installationStateOf(host, { uuid, name: inputs.name }, definition);
  if (installation === undefined) return undefined;
  if (installation.kind === "failed")
    context.warn(`the installation failed: ${installation.reason}; \`pulumi up\` starts it again`);
  else context.progress(leaving(installation, inputs.running !== false));
  if (installation.kind !== "complete") return undefined;
  try {
    return await alone(inputs, context, async () => {
      const run = await observeForUpdate(uuid, inputs, previousOf(uuid, inputs, state), context);
      await runCreate(run);
      return resultOf(run);
    });
  } catch (error) {
    if (!(error instanceof KvmError)) throw error;
    context.warn(`the installation is complete, but the machine can't be started yet: ${error.message}`);
    return undefined;
  }
}
