import type { Command } from "./command";
import { migrate } from "./table/migrate";
import { orphans } from "./table/orphans";

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [orphans, migrate];
