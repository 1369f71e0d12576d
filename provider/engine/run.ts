import { defaultConnection, newIdentity } from "../host/environment";
import type { Host } from "../resource/host";
import { Identities } from "./identities";
import { engineLog, type EngineLog } from "./log";
import { hostsWith } from "./open-host";
import { watchEngine } from "./watch";
import { gate } from "./writes";

/** One run of Pulumi's engine, whose calls this process answers. */
export interface EngineRun {
  readonly log: EngineLog;
  readonly host: (connection: string) => Host;
  readonly defaultConnection: () => string;
  readonly identities: Identities;
  /** Aborted when the user interrupts, and when the engine ends. */
  readonly signal: AbortSignal;
  /** Does the work of a call. Calls are counted, so that an interrupted process ends when all of them are answered. */
  readonly call: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Connects to the engine that has started this process, and listens for its signals. */
export function start(process: NodeJS.Process): EngineRun {
  const address = process.argv[2];
  const interruption = new AbortController();
  const engineEnd = new AbortController();
  const host = hostsWith(gate(engineEnd.signal));
  const identities = new Identities({ host, defaultConnection, newIdentity, engineEnd: engineEnd.signal });
  let callsUnderWay = 0;
  const exitWhenIdle = () => {
    if (callsUnderWay === 0) process.exit(0);
  };
  // The engine sends it when the user interrupts twice, and at every normal end: without a running call there is
  // nothing to wait for.
  process.on("SIGINT", () => {
    if (callsUnderWay === 0) void identities.settleAll().finally(() => process.exit(0));
    else interruption.abort();
  });
  // A killed engine has no record of its calls: the next engine must not find this process still at work.
  watchEngine(address, () => {
    engineEnd.abort();
    interruption.abort();
    exitWhenIdle();
  });
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    callsUnderWay += 1;
    try {
      return await work();
    } finally {
      callsUnderWay -= 1;
      if (interruption.signal.aborted) setTimeout(exitWhenIdle, 200);
    }
  };
  return { log: engineLog(address), host, defaultConnection, identities, signal: interruption.signal, call };
}
