import type { Host } from "../../../provider/resource/host";
import { site } from "../../site";

const { host } = site();
const { libvirt } = host;

export class Killed extends Error {}

/** What changes the host; between any two of these the program may be killed. */
const writes = [
  "define",
  "start",
  "stop",
  "undefine",
  "setAutostart",
  "updateNetwork",
  "changeLive",
  "shutdown",
] as const;

/** The host for a program that is killed before its n-th write: nothing works from then on. */
export function dyingHost(n: number): Host {
  let left = n;
  let isAsked = false;
  const mortal =
    (verb: string, work: (...args: unknown[]) => unknown) =>
    (...args: unknown[]) => {
      // A guest that boots slowly is asked to power off more than once.
      const isRepeated = verb === "shutdown" && isAsked;
      if ((writes as readonly string[]).includes(verb) && !isRepeated) left -= 1;
      isAsked ||= verb === "shutdown";
      if (left <= 0) throw new Killed();
      return work(...args);
    };
  const verbs = Object.entries(libvirt).map(([verb, work]) => [verb, mortal(verb, work as () => unknown)] as const);
  return { ...host, libvirt: Object.fromEntries(verbs) as unknown as Host["libvirt"] };
}
