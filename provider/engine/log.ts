import type * as Grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { createRequire } from "node:module";

/** Messages to the Pulumi engine. Without an engine (in tests) they go nowhere. */
export interface EngineLog {
  /** Shown in the resource's own row while it is worked on, and gone afterwards. */
  progress(urn: string, text: string): void;
  /** Kept among the resource's diagnostics. */
  warn(urn: string, text: string): void;
  /** Shown by `pulumi up --debug` only. */
  debug(urn: string, text: string): void;
}

/** @param address of the engine, which it gives a dynamic provider's process as its first argument */
export function engineLog(address: string | undefined): EngineLog {
  if (address === undefined) return { progress: () => undefined, warn: () => undefined, debug: () => undefined };
  const client = engineClient(address);
  const send = (
    severity: (typeof LogSeverity)[keyof typeof LogSeverity],
    urn: string,
    text: string,
    isEphemeral: boolean,
  ) => {
    const request = new LogRequest();
    request.setSeverity(severity);
    request.setUrn(urn);
    request.setMessage(text);
    request.setEphemeral(isEphemeral);
    // A lost message must not fail a deployment.
    client.log(request, () => undefined);
  };
  return {
    progress: (urn, text) => send(LogSeverity.INFO, urn, text, true),
    warn: (urn, text) => send(LogSeverity.WARNING, urn, text, false),
    debug: (urn, text) => send(LogSeverity.DEBUG, urn, text, false),
  };
}

/** Directly: the engine runs on this machine, whatever proxy the environment names. */
export function engineClient(address: string): EngineClient {
  return new EngineClient(address, pulumisGrpc().credentials.createInsecure(), { "grpc.enable_http_proxy": 0 });
}

/** gRPC's credentials must come from the very copy of the library that Pulumi's client was made with. */
export function pulumisGrpc(): typeof Grpc {
  const pulumi = createRequire(require.resolve("@pulumi/pulumi"));
  return pulumi("@grpc/grpc-js") as typeof Grpc;
}
