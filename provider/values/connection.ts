const local = /^qemu(?:\+unix)?:\/\/\/(?<mode>system|session)(?:\?socket=(?<socket>\/[^&?#\s]+))?$/;
const remote = /^qemu\+(ssh|libssh2?|tcp|tls):\/\//;

/** What is wrong with a libvirt connection URI; undefined when it can be used. */
export function connectionProblem(uri: string): string | undefined {
  if (local.test(uri)) return undefined;
  return `"${withoutPassword(uri)}" ${faultOf(uri)}`;
}

const what = 'write "qemu:///system", "qemu:///session", or either with "?socket=/path/to/libvirt-sock"';

function faultOf(uri: string): string {
  if (/\s/.test(uri)) return `has a blank or another white space in it; ${what}`;
  if (uri !== uri.toLowerCase() && local.test(smallLetters(uri)))
    return `has capital letters; write "${smallLetters(uri)}"`;
  if (remote.test(uri) || /^qemu:\/\/[^/]/.test(uri)) {
    const way = remote.test(uri) ? "" : " (which libvirt would reach by TLS)";
    return `is on another machine${way}, which this release can't manage yet; run it on the KVM host itself with "qemu:///system"`;
  }
  const [, transport] = /^qemu\+([^:/?]+):/.exec(uri) ?? [];
  if (transport !== undefined && transport !== "unix")
    return `has the transport "${transport}", which this release can't use; ${what}`;
  const [, driver] = /^([a-z]+)(?:\+[a-z0-9]+)?:\/\//.exec(uri) ?? [];
  if (driver !== undefined && driver !== "qemu") return `is not of QEMU, but of libvirt's driver "${driver}"; ${what}`;
  const [, base = "", query] = /^(qemu(?:\+unix)?:\/\/\/(?:system|session))\/?(?:\?(.*))?$/.exec(uri) ?? [];
  if (base !== "" && uri === `${base}/`) return `ends with a slash; write "${base}"`;
  if (base !== "" && query !== undefined) return parametersFault(base, query);
  return `is not a connection of a local QEMU; ${what}`;
}

/** libvirt's other parameters choose another daemon, or how another machine is reached. */
function parametersFault(base: string, query: string): string {
  const names = query.split("&").map((parameter) => parameter.split("=")[0] ?? "");
  const other = names.find((name) => name !== "socket");
  if (other === undefined) return `has a socket without an absolute path; write "${base}?socket=/path/to/libvirt-sock"`;
  return `has the parameter "${other}", which this release can't use; write "${base}", or that with "?socket=/path/to/libvirt-sock"`;
}

/** A path keeps its capitals. */
function smallLetters(uri: string): string {
  const [scheme = "", ...query] = uri.split("?");
  return [scheme.toLowerCase(), ...query].join("?");
}

/** Messages end up in logs. */
export function withoutPassword(uri: string): string {
  return uri.replace(/(:\/\/[^:@/?#]*):.*@/s, "$1:[hidden]@");
}

/** Where the system's libvirt listens by itself: all drivers in one daemon, or QEMU's in one of its own. */
const systemSockets = ["/run/libvirt/libvirt-sock", "/run/libvirt/virtqemud-sock"];

/** What a connection URI's text doesn't say. */
export interface Surroundings {
  readonly isRoot: boolean;
  /** A path without links. */
  readonly resolve: (file: string) => string;
}

/**
 * The same text for every spelling of the same daemon's connection. What is no local connection stays as it is.
 * @example canonicalConnection("qemu+unix:///system?socket=/var/run/libvirt/libvirt-sock", …) // "qemu:///system"
 */
export function canonicalConnection(uri: string, { isRoot, resolve }: Surroundings): string {
  const { mode, socket } = local.exec(uri)?.groups ?? {};
  if (mode === undefined) return uri;
  // Root has no daemon of its own: libvirt brings it to the system's.
  const own = isRoot ? "system" : mode;
  if (socket === undefined) return `qemu:///${own}`;
  const file = resolve(decoded(socket));
  return systemSockets.some((known) => resolve(known) === file)
    ? "qemu:///system"
    : `qemu:///${own}?socket=${encoded(file)}`;
}

/** The system's daemons, one for all users. */
export function isSystemConnection(canonical: string): boolean {
  return canonical.startsWith("qemu:///system");
}

/** As it is in a query, so that it can be read again. */
function encoded(file: string): string {
  return file.replace(/[%&?#\s]/g, encodeURIComponent);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether two spellings lead to one libvirt: then a change from one to the other changes nothing. */
export function isSameConnection(one: string, other: string): boolean {
  const [first, second] = [one, other].map((uri) => canonicalConnection(uri, usual));
  return first === second;
}

/** Without a look at the host, of whose links the usual one is known. */
const usual: Surroundings = { isRoot: false, resolve: (file) => file.replace(/^\/var\/run\//, "/run/") };
