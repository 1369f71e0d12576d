import type { Table } from "./command";
import { destroy, other, preview, refresh, up } from "./table/engine";
import { consoleCommand, log, screenshot, ssh, status } from "./table/machines";
import { orphans } from "./table/orphans";

/** All commands, in the order of the help. */
export const table: Table = {
  commands: [preview, up, refresh, destroy, status, consoleCommand, ssh, log, screenshot, orphans],
  other,
};
