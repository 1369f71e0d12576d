import type { RemoteTarget } from "../../values/remote-connection";
import { ownDownloads, remoteDirectories, remoteTemporaryDirectory } from "../environment";
import type { Fetch } from "../fetch";
import { sessionsBy } from "../session";
import { connectTo } from "./connection";
import { remoteFetch } from "./fetch";
import { remoteFiles } from "./files";
import { remoteLockFiles } from "./lock-files";
import { mostChannels, remoteRun, remoteStart } from "./run";
import { semaphore } from "./semaphore";

/** The parts of a host that is reached by SSH; nothing connects before the first use. */
export function remoteParts(target: RemoteTarget, ownFetch: Fetch) {
  const connection = connectTo(target);
  const channels = { connection, program: target.program, limit: semaphore(mostChannels) };
  const run = remoteRun(channels);
  const files = remoteFiles(remoteTemporaryDirectory, { connection, run });
  return {
    run,
    files,
    openSession: sessionsBy(remoteStart(channels)),
    fetch: remoteFetch(ownFetch, ownDownloads(), { files, run }),
    lockFiles: remoteLockFiles(connection),
    directories: remoteDirectories,
    // virsh runs on the host.
    uri: "qemu:///system",
  };
}
