import type { Table } from "./command";
import { completion } from "./table/completion";
import { destroy, other, preview, refresh, up } from "./table/engine";
import { cache, doctor } from "./table/host";
import { init } from "./table/init";
import { consoleCommand, log, pulumi, screenshot, ssh, status } from "./table/machines";
import { migrate } from "./table/migrate";
import { orphans } from "./table/orphans";
import { schema } from "./table/schema";
import { show } from "./table/show";

const engine = [preview, up, refresh, destroy];
const machines = [status, consoleCommand, ssh, log, screenshot, pulumi];
const host = [orphans, cache, doctor];
const files = [init, show, schema, migrate, completion];

/** All commands, in the order of the help. */
export const table: Table = { commands: [...engine, ...machines, ...host, ...files], other };
