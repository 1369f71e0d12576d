import type { Command } from "./command";
import { orphans } from "./table/orphans";

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [orphans];
