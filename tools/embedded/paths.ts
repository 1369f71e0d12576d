import { isAbsolute, join, normalize } from "node:path";

/** Where the project itself keeps the state of its embedded libvirts; another name lets two checkouts test at a time. */
export const TEST_STATE_DIR = `/var/lib/kvm-deploy/embedded/${process.env["KVM_DEPLOY_TEST_NAME"] ?? "test"}`;
export const DEMO_STATE_DIR = "/var/lib/kvm-deploy/embedded/demo";

// sockaddr_un holds 108 bytes with the zero at their end; the longest socket that libvirtd makes is its read-only one.
const LONGEST_SOCKET_PATH = 107;
const LONGEST_SOCKET = "run/libvirt-sock-ro";

export function socketOf(stateDir: string): string {
  return join(stateDir, "run/libvirt-sock");
}

/** Held by every process of the embedded libvirt: it is free when all of them have ended. Never removed, so no race. */
export function lockOf(stateDir: string): string {
  return `/run/kvm-deploy/embedded${stateDir.replaceAll("/", "-")}.lock`;
}

export function checkStateDir(stateDir: string): void {
  if (!isAbsolute(stateDir) || normalize(stateDir) !== stateDir || stateDir.endsWith("/")) {
    throw new Error(`stateDir "${stateDir}": expected an absolute path without "..", "//" or a "/" at its end`);
  }
  if (/[^\w./-]/.test(stateDir)) {
    throw new Error(`stateDir "${stateDir}": only letters, digits and . _ - / are allowed, as it is part of a URI`);
  }
  if (/^(\/var)?\/run\//.test(`${stateDir}/`)) {
    throw new Error(`stateDir "${stateDir}": /run is hidden in the namespace; choose a directory elsewhere`);
  }
  const length = Buffer.byteLength(join(stateDir, LONGEST_SOCKET));
  if (length > LONGEST_SOCKET_PATH) {
    const most = LONGEST_SOCKET_PATH - LONGEST_SOCKET.length - 1;
    throw new Error(
      `stateDir "${stateDir}": the paths of its sockets may have ${LONGEST_SOCKET_PATH} characters, so this path may have ${most}; use a shorter one`,
    );
  }
}
