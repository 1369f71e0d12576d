import { KvmError } from "../values/errors";

/** @param place the host, if it is another machine */
export function missingProgram(program: string, place = ""): KvmError {
  return new KvmError("not-found", `the program ${program} is not installed${place === "" ? "" : ` on ${place}`}`, {
    remedy: `Install it (Debian: apt-get install ${packageOf(program)})`,
  });
}

const packages: Readonly<Record<string, string>> = {
  flock: "util-linux",
  ip: "iproute2",
  setpriv: "util-linux",
  ssh: "openssh-client",
  virsh: "libvirt-clients",
  "ssh-keyscan": "openssh-client",
  "qemu-img": "qemu-utils",
};

function packageOf(program: string): string {
  return packages[program] ?? program;
}
