import { engineClient, pulumisGrpc } from "./log";

/**
 * Calls `onGone`, maybe more than once, when the engine has ended without a signal, as by kill -9. A lost connection
 * proves nothing, because an idle one is closed. The engine has ended if it refuses a new connection or no longer reads
 * what this process prints. The engine did exist, because it has started this process, even if no connection was ever
 * made.
 * @param address of the engine; undefined without an engine, as in tests
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
 * An unhandled error of standard output is an exception. Pulumi's dynamic provider prints exceptions, which causes the
 * next such error, without an end and without a turn for anything else.
 */
function watchOutputs(onGone: () => void): void {
  for (const output of [process.stdout, process.stderr]) {
    output.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") onGone();
    });
  }
}
