import type { RemoteTarget } from "../../values/remote-connection";

/**
 * Settings of every login. They come before those of the user's configuration, so they count: nothing is asked, an unknown
 * host key is never accepted, and nothing is forwarded.
 */
const settings = [
  "BatchMode=yes",
  "StrictHostKeyChecking=yes",
  "ControlPersist=no",
  "ClearAllForwardings=yes",
  "ForwardAgent=no",
  "ForwardX11=no",
  "PermitLocalCommand=no",
  "RemoteCommand=none",
  "RequestTTY=no",
  "ConnectTimeout=30",
  "ServerAliveInterval=15",
  "ServerAliveCountMax=4",
] as const;

/** The first connection: it logs in, and serves the others at a socket until it ends. @param command of a shell */
export function loginArguments(target: RemoteTarget, socket: string, command: string): string[] {
  return [
    ...options([...settings, "LogLevel=ERROR", "ControlMaster=yes", `ControlPath=${socket}`]),
    ...destination(target),
    command,
  ];
}

/** A login that only shows what the server offers. */
export function probeArguments(target: RemoteTarget): string[] {
  return ["-v", ...options([...settings, "ControlMaster=no", "ControlPath=none"]), ...destination(target), "true"];
}

/** A login at the user's own terminal. */
export function interactiveArguments(target: RemoteTarget, command: string): string[] {
  return ["-t", ...options(["StrictHostKeyChecking=ask"]), ...destination(target), command];
}

/** One more channel of a connection. Without its socket ssh would log in again, so another way to the host is closed. */
export function channelArguments(socket: string, command: string): string[] {
  const own = ["BatchMode=yes", "LogLevel=ERROR", "ControlMaster=no", `ControlPath=${socket}`, "ProxyCommand=exit 1"];
  return ["-F", "none", ...options(own), "-T", "-e", "none", "--", "host", command];
}

function destination({ user, host, port, keyFile }: RemoteTarget): string[] {
  return [
    ...(user === undefined ? [] : ["-l", user]),
    ...(port === undefined ? [] : ["-p", String(port)]),
    ...(keyFile === undefined ? [] : ["-i", keyFile]),
    "--",
    host,
  ];
}

function options(all: readonly string[]): string[] {
  return all.flatMap((setting) => ["-o", setting]);
}
