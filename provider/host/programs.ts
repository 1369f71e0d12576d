import { KvmError } from "../values/errors";

export function missingProgram(program: string): KvmError {
  return new KvmError("not-found", `the program ${program} is not installed`, {
    remedy: `Install it (Debian: apt-get install ${packageOf(program)})`,
  });
}

const packages: Readonly<Record<string, string>> = {
  flock: "util-linux",
  ip: "iproute2",
  virsh: "libvirt-clients",
  "ssh-keyscan": "openssh-client",
  "qemu-img": "qemu-utils",
};

function packageOf(program: string): string {
  return packages[program] ?? program;
}
