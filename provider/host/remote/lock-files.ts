import { setTimeout } from "node:timers/promises";
import { explained } from "../file-errors";
import type { HeldFile, LockFiles, LockPlace } from "../lock";
import type { Connection } from "./connection";
import { quote as q } from "./quote";
import { tell } from "./scripts";

const attemptMs = 500;
const isTaken = 75;

/**
 * The lock files of a host. Each lock is held by a process there that ends with the shell, and so with the connection and
 * with this process.
 */
export function remoteLockFiles({ shell, facts }: Connection): LockFiles {
  const heldFile = (pid: string, place: LockPlace): HeldFile => ({
    write: async (text) => {
      await explained(place.file, "write", () => tell(shell, `printf %s ${q(text)} > ${q(place.file)}`));
    },
    release: async () => {
      const [file, directory] = [q(place.file), q(place.directory)];
      await shell(`rm -f -- ${file}; kill ${pid}; wait ${pid} 2>/dev/null; rmdir -- ${directory} 2>/dev/null`);
    },
  });
  const attempt = async (place: LockPlace): Promise<HeldFile | undefined> => {
    const said = await explained(place.file, "write", () => tell(shell, takeScript(place)));
    const [, pid] = /^held (\d+)$/.exec(said) ?? [];
    return pid === undefined ? undefined : heldFile(pid, place);
  };
  return {
    lines: new Map(),
    holder: async () => (await facts()).process,
    read: (file) => tell(shell, `cat -- ${q(file)}`),
    take: async (place, waits, signal) => {
      // A wait in the shell itself would delay everything else.
      if (waits) await setTimeout(attemptMs, undefined, signal && { signal }).catch(() => undefined);
      return attempt(place);
    },
  };
}

/**
 * The holder says through a pipe whether it has locked the file, and whether that is still the file of its name: a holder
 * removes its file.
 */
function takeScript({ directory, file }: LockPlace): string {
  const same = `[ "$(stat -c %d:%i -- "$0" 2>/dev/null)" = "$(stat -L -c %d:%i /proc/self/fd/9)" ]`;
  const stay = "exec setpriv --pdeathsig KILL sleep infinity >/dev/null 2>&1";
  const hold = `exec 9>>"$0" || exit; flock -n -E ${isTaken} 9 || exit; ${same} || exit ${isTaken}; echo held; ${stay}`;
  return `if mkdir -p -m 700 -- ${q(directory)} && pipe=$(mktemp -u) && mkfifo -m 600 "$pipe"; then
      (umask 077; exec sh -c ${q(hold)} ${q(file)}) > "$pipe" &
      read -r answer < "$pipe" || answer=
      rm -f -- "$pipe"
      if [ "$answer" = held ]; then echo "held $!"; else wait $! || [ $? = ${isTaken} ]; fi
    else false; fi`;
}
