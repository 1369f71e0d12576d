import type { Context } from "../../provider/resource/handler";
import type { Host } from "../../provider/resource/host";
import { type TestContext, testContext } from "../context";

const failure = "the program was killed";

/** Verbs that only look: between two of them, it makes no difference when the program ends. */
const looks =
  /^(list|find|exists|definition|liveDefinition|isActive|has|networkPorts|leases|volume|volumes|entry|names|begun|allBegun|fingerprint|keptDefinitions|stat|read|pool|secrets|capabilities|sha256|freeSpace)/;

/** Names of files, which ask nobody. */
const names = /^(fileOf|recordOf|busyOf)$/;

/**
 * The one fault that can't be produced for real: a program that is killed between any two steps. Its host stops answering
 * when it has changed something that many times.
 */
export function cutOffAfter(changes: number, connection: string, urn: string): Context {
  const plain: TestContext = testContext(connection, urn);
  let left = changes;
  const counted = <T extends object>(part: T): T =>
    new Proxy(part, {
      get: (target, key, receiver) => {
        const member: unknown = Reflect.get(target, key, receiver);
        if (typeof member !== "function" || names.test(String(key))) return member;
        return (...args: unknown[]) => {
          if (left <= 0) return Promise.reject(new Error(failure));
          if (!looks.test(String(key))) left -= 1;
          return (member as (...given: unknown[]) => unknown).apply(target, args);
        };
      },
    });
  const host = (uri: string): Host => {
    const real = plain.host(uri);
    return { ...real, libvirt: counted(real.libvirt), ledger: counted(real.ledger), files: counted(real.files) };
  };
  return { ...plain, host };
}
