import type { Context } from "../../resource/handler";
import type { MachineInputs } from "./schema/machine";

/** A program whose engine was killed may still be running. */
export function alone<T>({ connection }: MachineInputs, context: Context, work: () => Promise<T>): Promise<T> {
  return context.host(connection).lock(`machine ${context.identity}`, work, context);
}
