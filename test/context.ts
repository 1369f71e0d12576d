import { openHost } from "../provider/engine/open-host";
import type { Context } from "../provider/resource/handler";
import { uuidFrom } from "../provider/values/identity";

/** A context for calling handlers directly, with what they said. */
export interface TestContext extends Context {
  readonly said: string[];
}

export function testContext(connection: string, urn = "urn:pulumi:test::test::kvm::unit"): TestContext {
  const said: string[] = [];
  const say = (text: string): void => {
    said.push(text);
  };
  return {
    urn,
    // The same for the same URN: as if the state, or what a create that was cut off has left, were always there.
    identity: uuidFrom("test", urn),
    host: openHost,
    defaultConnection: connection,
    progress: say,
    warn: say,
    debug: () => undefined,
    signal: new AbortController().signal,
    said,
  };
}
