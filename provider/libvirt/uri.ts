const local = /^qemu(?:\+unix)?:\/\/\/(?<mode>system|session)(?:\?socket=(?<socket>\/[^&?#\s]+))?$/;
const remote = /^qemu\+(ssh|libssh2?|tcp|tls):\/\//;

/** What is wrong with a libvirt connection URI; undefined when it can be used. */
export function connectionProblem(uri: string): string | undefined {
  if (local.test(uri)) return undefined;
  if (remote.test(uri)) {
    return `"${uri}" is on another machine, which this release can't manage yet; run it on the KVM host itself with "qemu:///system"`;
  }
  return `"${uri}" is not a connection of a local QEMU; write "qemu:///system", "qemu:///session", or either with "?socket=/path/to/libvirt-sock"`;
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
