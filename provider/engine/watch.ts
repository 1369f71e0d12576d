import { engineClient, pulumisGrpc } from "./log";

/**
 * Calls `onGone`, maybe more than once, when the engine has ended without a word, as by kill -9. A connection that is lost proves nothing (an
 * idle one is closed): gone is an engine that refuses a new one, or reads no more what we print. It was there, for it has
 * started this process, whether we have reached it since or not.
 * @param address of the engine; undefined where there is none, as in tests
 */
export function watchEngine(address: string | undefined, onGone: () => void): void {
  if (address === undefined) return;
  watchOutputs(onGone);
  const channel = engineClient(address).getChannel();
  const { TRANSIENT_FAILURE } = pulumisGrpc().connectivityState;
  const look = () => {
    const state = channel.getConnectivityState(true);
    if (state === TRANSIENT_FAILURE) {
      channel.close();
      onGone();
      return;
    }
    channel.watchConnectivityState(state, Infinity, (error?: Error) => {
      // The channel was closed.
      if (error === undefined) look();
    });
  };
  look();
}

/**
 * Unheard, the error would be an exception, which Pulumi's dynamic provider prints, which is the next such error: without
 * an end, and nothing else would get its turn.
 */
function watchOutputs(onGone: () => void): void {
  for (const output of [process.stdout, process.stderr]) {
    output.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") onGone();
    });
  }
}
