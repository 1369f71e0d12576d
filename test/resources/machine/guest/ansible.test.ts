import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { ansibleInventoryOf } from "../../../../provider/resources/machine/guest/ssh";
import { makeKeyPair } from "../../../install/shared/keys";
import { scratchFolder } from "../../../iso/host";
import { root } from "../../../site";

/** Where set-up has unpacked the SSH server's package, unless this machine has one. */
const unpacked = path.join(root, ".cache/openssh-server/usr");
const hasServer = existsSync("/usr/sbin/sshd") || existsSync(`${unpacked}/sbin/sshd`);
const hasAnsible = spawnSync("ansible-playbook", ["--version"]).error === undefined;
const skip = !hasServer ? "set-up could not get sshd" : !hasAnsible && "set-up could not get ansible-core";

const playbook = `
- hosts: all
  gather_facts: true
  tasks:
    - copy: { content: "{{ inventory_hostname }} by {{ ansible_user }}", dest: "{{ marker }}" }
`;

/** A real sshd and a real Ansible in a network and mounts of their own. */
const script = String.raw`
ip link set lo up
[ -e /usr/sbin/sshd ] || mount -t overlay overlay -o "lowerdir=$UNPACKED:/usr" /usr
mount -t tmpfs tmpfs /run
mkdir /run/sshd
# The account of sshd's package, where this machine has none.
{ cat /etc/passwd; echo sshd:x:65534:65534::/run/sshd:/bin/false; } >"$1/passwd"
mount --bind "$1/passwd" /etc/passwd
/usr/sbin/sshd -D -e -f "$1/sshd_config" 2>"$1/log" &
# The new system has one Python, unlike this machine.
exec ansible-playbook -i "$1/inventory" --private-key "$1/login" -e "marker=$1/marker" -e ansible_python_interpreter=/usr/bin/python3 "$1/playbook.yml" 2>&1
`;

function play(offered: "given" | "other"): { output: string; status: number | null; marker: () => string } {
  const folder = scratchFolder();
  const at = (file: string) => path.join(folder, file);
  const login = makeKeyPair("-t", "ed25519");
  const hostKeys = { given: makeKeyPair("-t", "ed25519"), other: makeKeyPair("-t", "ed25519") };
  const privateFiles = {
    login: login.privateKey,
    host: hostKeys[offered].privateKey,
    authorized: `${login.publicKey}\n`,
  };
  for (const [file, content] of Object.entries(privateFiles)) writeFileSync(at(file), content, { mode: 0o600 });
  mkdirSync(at("home"));
  const settings = [
    "Port 22",
    "ListenAddress 127.0.0.1",
    `HostKey ${at("host")}`,
    `AuthorizedKeysFile ${at("authorized")}`,
  ];
  const further = ["UsePAM no", "StrictModes no", "PidFile none", "PermitRootLogin prohibit-password"];
  writeFileSync(at("sshd_config"), [...settings, ...further, "Subsystem sftp internal-sftp", ""].join("\n"));
  writeFileSync(
    at("inventory"),
    ansibleInventoryOf("web", "127.0.0.1", "root", [hostKeys.given.publicKey], "qemu:///system") ?? "",
  );
  writeFileSync(at("playbook.yml"), playbook);
  const env = { ...process.env, UNPACKED: unpacked, HOME: at("home"), ANSIBLE_LOCAL_TEMP: at("home/tmp") };
  const inside = [
    "--net",
    "--mount",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
    "sh",
    "-c",
    script,
    "sh",
    folder,
  ];
  const { stdout, status } = spawnSync("unshare", inside, { encoding: "utf8", env, timeout: 240_000 });
  return { output: stdout, status, marker: () => execFileSync("cat", [at("marker")], { encoding: "utf8" }) };
}

describe("a machine's inventory, read by a real Ansible", { skip }, () => {
  it("logs in as the installed account, at a host with the known key", () => {
    const { output, status, marker } = play("given");
    assert.equal(status, 0, output);
    assert.equal(marker(), "web by root");
  });

  it("refuses a host with another key", () => {
    const { output, status } = play("other");
    assert.equal(status, 4, output);
    assert.match(output, /Host key verification failed|No ED25519 host key is known|HOST IDENTIFICATION HAS CHANGED/);
  });
});
