import { defaultConnection, newIdentity } from "../host/environment";
import type { Host } from "../resource/host";
import { openIdentities } from "./identities";
import { engineLog, type EngineLog } from "./log";
import { hostsWith } from "./open-host";
import { watchEngine } from "./watch";
import { gate } from "./writes";

/** One run of Pulumi's engine, of which this process answers the calls. */
export interface EngineRun {
  readonly log: EngineLog;
  readonly host: (connection: string) => Host;
  readonly defaultConnection: () => string;
  readonly identities: ReturnType<typeof openIdentities>;
  /** Aborted when the user interrupts, and when the engine is gone. */
  readonly signal: AbortSignal;
  /** Does what a call asks for: counted, so that an interrupted process ends when all are answered. */
  readonly call: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Connects to the engine that has started this process, and listens to its signals. */
export function start(process: NodeJS.Process): EngineRun {
  const address = process.argv[2];
  const interruption = new AbortController();
  const engineEnd = new AbortController();
  const host = hostsWith(gate(engineEnd.signal));
  const identities = openIdentities({ host, defaultConnection, newIdentity, engineEnd: engineEnd.signal });
  let callsUnderWay = 0;
  const exitWhenIdle = () => {
    if (callsUnderWay === 0) process.exit(0);
  };
  // Sent when the user interrupts twice, and at every normal end: with nothing under way there is nothing to wait for.
  process.on("SIGINT", () => {
    if (callsUnderWay === 0) void identities.settleAll().finally(() => process.exit(0));
    else interruption.abort();
  });
  // Killed, it has forgotten what it asked for: the next one must not meet us still at work.
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
