import { engineClient, pulumisGrpc } from "./engine-log";

/**
 * Calls `onGone` once when the engine has ended without a word, as by kill -9. A connection that is lost proves nothing (an
 * idle one is closed): gone is an engine that was there and then refuses a new one.
 * @param address of the engine; undefined where there is none, as in tests
 */
export function watchEngine(address: string | undefined, onGone: () => void): void {
  if (address === undefined) return;
  const channel = engineClient(address).getChannel();
  const { READY, TRANSIENT_FAILURE } = pulumisGrpc().connectivityState;
  let wasThere = false;
  const look = () => {
    const state = channel.getConnectivityState(true);
    if (state === TRANSIENT_FAILURE && wasThere) {
      channel.close();
      onGone();
      return;
    }
    wasThere ||= state === READY;
    channel.watchConnectivityState(state, Infinity, (error?: Error) => {
      // The channel was closed.
      if (error === undefined) look();
    });
  };
  look();
}
