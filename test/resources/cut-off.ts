import type { Context } from "../../provider/handler";
import type { Host } from "../../provider/host/index";
import { type TestContext, testContext } from "../context";

export interface CutOff {
  /** Its host stops answering, as if the program had been killed, when that many calls have been done. */
  readonly context: Context;
  /** Whether it came so far. */
  readonly isDead: () => boolean;
}

const failure = "the program was killed";

/** The one fault that can't be produced for real: a program that is killed between any two steps. */
export function cutOffAfter(calls: number, connection: string, urn: string): CutOff {
  const plain: TestContext = testContext(connection, urn);
  let left = calls;
  const counted = <T extends object>(part: T): T =>
    new Proxy(part, {
      get: (target, key, receiver) => {
        const member: unknown = Reflect.get(target, key, receiver);
        if (typeof member !== "function") return member;
        return (...args: unknown[]) => {
          if (left <= 0) return Promise.reject(new Error(failure));
          left -= 1;
          return (member as (...given: unknown[]) => unknown).apply(target, args);
        };
      },
    });
  const host = (uri: string): Host => {
    const real = plain.host(uri);
    return { ...real, libvirt: counted(real.libvirt), ledger: counted(real.ledger), files: counted(real.files) };
  };
  return { context: { ...plain, host }, isDead: () => left <= 0 };
}
