const local = /^qemu(\+unix)?:\/\/\/(system|session)(\?socket=\/[^&?#\s]+)?$/;
const remote = /^qemu\+(ssh|libssh2?|tcp|tls):\/\//;

/** What is wrong with a libvirt connection URI; undefined when it can be used. */
export function connectionProblem(uri: string): string | undefined {
  if (local.test(uri)) return undefined;
  if (remote.test(uri)) {
    return `"${uri}" is on another machine, which this release can't manage yet; run it on the KVM host itself with "qemu:///system"`;
  }
  return `"${uri}" is not a connection of a local QEMU; write "qemu:///system", "qemu:///session", or either with "?socket=/path/to/libvirt-sock"`;
}

/** Whether two spellings lead to one libvirt: then a change from one to the other changes nothing. */
export function isSameConnection(one: string, other: string): boolean {
  return plainConnection(one) === plainConnection(other);
}

const systemSocket = "/run/libvirt/libvirt-sock";

function plainConnection(uri: string): string {
  const plain = uri.replace(/^qemu\+unix:/, "qemu:").replace(/\?socket=\/var\/run\//, "?socket=/run/");
  return plain === `qemu:///system?socket=${systemSocket}` ? "qemu:///system" : plain;
}
