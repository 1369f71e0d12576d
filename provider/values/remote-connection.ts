/** A host that is reached by SSH. */
export interface RemoteTarget {
  readonly user: string | undefined;
  /** A name or an address, or an alias of the user's SSH configuration. */
  readonly host: string;
  readonly port: number | undefined;
  /** A private key, in addition to those of the user's SSH configuration. */
  readonly keyFile: string | undefined;
  /** The program that is called as ssh. */
  readonly program: string;
}

const form =
  /^qemu\+ssh:\/\/(?:(?<user>\w[\w.-]*)@)?(?<host>[A-Za-z0-9][\w.-]*|\[[0-9A-Fa-f:.]+(?:%[\w.-]+)?\])(?::(?<port>\d{1,5}))?\/system(?:\?(?<query>[^#\s]*))?$/;

/** Undefined if the URI is none of another machine that can be used. */
export function parseRemote(uri: string): RemoteTarget | undefined {
  const { user, host, port, query } = form.exec(uri)?.groups ?? {};
  if (host === undefined || remoteFault(uri) !== undefined) return undefined;
  const parameters = parametersOf(query);
  return {
    user,
    host: host.replace(/^\[(.*)\]$/, "$1"),
    port: port === undefined ? undefined : Number(port),
    keyFile: parameters.get("keyfile"),
    program: parameters.get("command") ?? "ssh",
  };
}

/** The same text for every spelling of the same login. */
export function canonicalRemote({ user, host, port }: RemoteTarget): string {
  const name = host.includes(":") ? `[${host.toLowerCase()}]` : host.toLowerCase();
  const login = user === undefined ? "" : `${user}@`;
  return `qemu+ssh://${login}${name}${port === undefined || port === 22 ? "" : `:${port}`}/system`;
}

/** The setting of ssh that reaches an address of the host's networks; none if the host is this machine. */
export function throughHost(uri: string): string[] {
  const target = parseRemote(uri);
  if (target === undefined) return [];
  const { user, host, port, keyFile, program } = target;
  if (keyFile === undefined && program === "ssh")
    return [`ProxyJump=${canonicalRemote(target).slice("qemu+ssh://".length, -"/system".length)}`];
  const key = keyFile === undefined ? "" : ` -i ${keyFile}`;
  const login = `${user === undefined ? "" : ` -l ${user}`}${port === undefined ? "" : ` -p ${port}`}`;
  return [`ProxyCommand=${program}${key}${login} -W [%h]:%p -- ${host}`];
}

const what = 'write "qemu+ssh://USER@HOST/system"';

const transports = {
  tcp: "is neither encrypted nor authenticated",
  tls: "reaches libvirt only, but files of the host are needed, too",
  libssh: "does not read the whole SSH configuration",
  libssh2: "does not read the whole SSH configuration",
} as const;

const refused: Readonly<Record<string, string>> = {
  netcat: "virsh runs on the host, so nothing has to be connected there",
  socket: "virsh runs on the host, and connects to the system's libvirt there",
  mode: "virsh runs on the host, and finds its daemons there",
  proxy: "virsh runs on the host, so nothing has to be connected there",
  no_tty: "nothing is ever asked",
  no_verify: "host keys are always checked",
  known_hosts: "it has no effect with ssh; name the file in ~/.ssh/config (UserKnownHostsFile)",
  known_hosts_verify: "host keys are always checked",
  sshauth: "it has no effect with ssh; choose the ways of login in ~/.ssh/config (PreferredAuthentications)",
};

/** The fault of a URI of another machine; undefined if it can be used, or if it is none. */
export function remoteFault(uri: string): string | undefined {
  if (/^qemu:\/\/[^/]/.test(uri))
    return `is on another machine, and libvirt would connect to it by TLS, which ${transports.tls}; ${what}`;
  const [, transport = "", rest = ""] = /^qemu\+(ssh|libssh2?|tcp|tls):\/\/(.*)$/s.exec(uri) ?? [];
  if (transport === "") return undefined;
  const reason = new Map(Object.entries(transports)).get(transport);
  if (reason !== undefined) return `has the transport "${transport}", which ${reason}; ${what}`;
  if (!form.test(uri)) return formFault(uri, rest);
  const { port, query } = form.exec(uri)?.groups ?? {};
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65535))
    return `has a port that is not between 1 and 65535; ${what}`;
  return parametersFault(uri, query);
}

function formFault(uri: string, rest: string): string {
  if (/^[^@]*:.*@/s.test(rest))
    return `contains a password, which other users and logs would show; ${what}, and let ssh log in with a key`;
  if (rest.startsWith("/")) return `names no host; ${what}`;
  if (/^[^?]*\/session(\?|$)/.test(rest))
    return `is a user's own libvirt, which can be used only on the machine itself; ${what}`;
  if (/^[^?]*\/system\/(\?|$)/.test(rest))
    return `ends with a slash; write "${uri.replace(/\/system\/.*$/, "/system")}"`;
  return `is not a connection to another machine; ${what}, or with a port ("HOST:PORT")`;
}

function parametersFault(uri: string, query: string | undefined): string | undefined {
  const base = uri.replace(/\?.*$/, "");
  for (const [name, value] of parametersOf(query)) {
    if (name === "keyfile" || name === "command") {
      if (value === "" || value.startsWith("-"))
        return `has the parameter "${name}" without a path; write "${base}?${name}=/PATH"`;
      continue;
    }
    const reason = refused[name];
    if (reason !== undefined)
      return `has the parameter "${name}", which means nothing here: ${reason}; write "${base}"`;
    return `has the parameter "${name}", which is not known; write "${base}", with "keyfile=PATH" or "command=PROGRAM" if necessary`;
  }
  return undefined;
}

function parametersOf(query: string | undefined): Map<string, string> {
  const pairs = (query ?? "").split("&").filter((pair) => pair !== "");
  return new Map(
    pairs.map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return [decoded(name), decoded(value.join("="))] as const;
    }),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
