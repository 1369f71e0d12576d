const local = /^qemu(\+unix)?:\/\/\/(system|session)(\?socket=\/[^&?#\s]+)?$/;
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
function withoutPassword(uri: string): string {
  return uri.replace(/(:\/\/[^:@/?#]*):.*@/s, "$1:[hidden]@");
}
