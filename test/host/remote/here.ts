import { writeFileSync } from "node:fs";
import path from "node:path";
import { connectTo } from "../../../provider/host/remote/connection";
import { mostChannels, remoteRun } from "../../../provider/host/remote/run";
import { semaphore } from "../../../provider/host/remote/semaphore";
import { scratchFolder } from "../../iso/host";

/** As ssh does it, in a session of its own. */
const hereInsteadOfThere = `#!/bin/sh
for command; do :; done
exec setsid -w sh -c "$command"
`;

/** A connection to this machine, without a login: what a host does is the same. */
export function shellHere() {
  const program = path.join(scratchFolder(), "ssh");
  writeFileSync(program, hereInsteadOfThere, { mode: 0o755 });
  const target = { user: undefined, host: "here", port: undefined, keyFile: undefined, program };
  const connection = connectTo(target);
  return { connection, run: remoteRun({ connection, program, limit: semaphore(mostChannels) }) };
}
