import { canonicalRemote, parseRemote, remoteFault } from "./remote-connection";

const local = /^qemu(?:\+unix)?:\/\/\/(?<mode>system|session)(?:\?socket=(?<socket>\/[^&?#\s]+))?$/;

/** The error of a libvirt connection URI; undefined if it can be used. */
export function connectionProblem(uri: string): string | undefined {
  if (local.test(uri) || parseRemote(uri) !== undefined) return undefined;
  return `"${withoutPassword(uri)}" ${faultOf(uri)}`;
}

const what =
  'write "qemu:///system", "qemu:///session", or either with "?socket=/path/to/libvirt-sock", or "qemu+ssh://USER@HOST/system" for another machine';

function faultOf(uri: string): string {
  if (/\s/.test(uri)) return `contains white space; ${what}`;
  if (uri !== uri.toLowerCase() && local.test(lowerCase(uri)))
    return `has upper-case letters; write "${lowerCase(uri)}"`;
  const elsewhere = remoteFault(uri);
  if (elsewhere !== undefined) return elsewhere;
  const [, transport] = /^qemu\+([^:/?]+):/.exec(uri) ?? [];
  if (transport !== undefined && transport !== "unix")
    return `has the transport "${transport}", which this release does not support; ${what}`;
  const [, driver] = /^([a-z]+)(?:\+[a-z0-9]+)?:\/\//.exec(uri) ?? [];
  if (driver !== undefined && driver !== "qemu") return `uses libvirt's driver "${driver}", not QEMU; ${what}`;
  const [, base = "", query] = /^(qemu(?:\+unix)?:\/\/\/(?:system|session))\/?(?:\?(.*))?$/.exec(uri) ?? [];
  if (base !== "" && uri === `${base}/`) return `ends with a slash; write "${base}"`;
  if (base !== "" && query !== undefined) return parametersFault(base, query);
  return `is not a connection to a local QEMU; ${what}`;
}

/** libvirt's other parameters choose another daemon, or the way to another machine. */
function parametersFault(base: string, query: string): string {
  const names = query.split("&").map((parameter) => parameter.split("=")[0] ?? "");
  const other = names.find((name) => name !== "socket");
  if (other === undefined) return `has a socket without an absolute path; write "${base}?socket=/path/to/libvirt-sock"`;
  return `has the parameter "${other}", which this release does not support; write "${base}", or the same with "?socket=/path/to/libvirt-sock"`;
}

/** A path keeps its case. */
function lowerCase(uri: string): string {
  const [scheme = "", ...query] = uri.split("?");
  return [scheme.toLowerCase(), ...query].join("?");
}

/** Messages end up in logs. */
export function withoutPassword(uri: string): string {
  return uri.replace(/(:\/\/[^:@/?#]*):.*@/s, "$1:[hidden]@");
}

/** The default sockets of the system's libvirt: all drivers in one daemon, or QEMU's in one of its own. */
const systemSockets = ["/run/libvirt/libvirt-sock", "/run/libvirt/virtqemud-sock"];

/** Facts that a connection URI doesn't contain. */
export interface Surroundings {
  readonly isRoot: boolean;
  /** Returns a path without links. */
  readonly resolve: (file: string) => string;
}

/**
 * The same text for every spelling of the same daemon's connection. Other connections stay as they are.
 * @example canonicalConnection("qemu+unix:///system?socket=/var/run/libvirt/libvirt-sock", …) // "qemu:///system"
 */
export function canonicalConnection(uri: string, { isRoot, resolve }: Surroundings): string {
  const { mode, socket } = local.exec(uri)?.groups ?? {};
  if (mode === undefined) return canonicalElsewhere(uri);
  // Root has no daemon of its own: libvirt connects it to the system's.
  const own = isRoot ? "system" : mode;
  if (socket === undefined) return `qemu:///${own}`;
  const file = resolve(decoded(socket));
  return systemSockets.some((known) => resolve(known) === file)
    ? "qemu:///system"
    : `qemu:///${own}?socket=${encoded(file)}`;
}

function canonicalElsewhere(uri: string): string {
  const target = parseRemote(uri);
  return target === undefined ? uri : canonicalRemote(target);
}

/** The system's daemons, one for all users. */
export function isSystemConnection(canonical: string): boolean {
  return canonical.startsWith("qemu:///system");
}

/** Encoded for a query, so that it can be read again. */
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

/** Whether two spellings are of one libvirt: a change from one to the other then changes nothing. */
export function isSameConnection(one: string, other: string): boolean {
  const [first, second] = [one, other].map((uri) => canonicalConnection(uri, usual));
  return first === second;
}

/** The usual host, without reading it: its only known link is /var/run. */
const usual: Surroundings = { isRoot: false, resolve: (file) => file.replace(/^\/var\/run\//, "/run/") };
