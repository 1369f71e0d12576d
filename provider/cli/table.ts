import type { Command } from "./command";
import { orphans } from "./table/orphans";
import { schema } from "./table/schema";
import { show } from "./table/show";

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [show, schema, orphans];
