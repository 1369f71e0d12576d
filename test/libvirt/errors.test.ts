import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { explainVirsh } from "../../provider/libvirt/errors";
import { failures } from "../../provider/libvirt/failures";
import { CommandFailed, type ErrorCode, KvmError, PartiallyCreated, wordsOfCauses } from "../../provider/values/errors";

const failed = (stderr: string) =>
  new CommandFailed({ command: ["virsh", "start", "web"], exitCode: 1, stdout: "", stderr });

const uuid = "7c9ca1b0-0000-4000-8000-0123456789ab";

/** What virsh prints of a failure of its own, and the cause that libvirt gives. */
const startFailed = (cause: string) => `error: Failed to start domain 'web'\nerror: ${cause}\n`;

type Case = readonly [stderr: string, code: ErrorCode, message: RegExp];

/** As libvirt tells that dnsmasq has ended at once. */
const dnsmasqFailed = (cause: string) =>
  `error: Failed to start network lab\nerror: internal error: Child process (VIR_BRIDGE_NAME=virbr7 /usr/sbin/dnsmasq --conf-file=/var/lib/libvirt/dnsmasq/lab.conf) unexpected exit status 2: \ndnsmasq: ${cause}\n`;

const cases: readonly Case[] = [
  [
    startFailed("unsupported configuration: spice graphics are not supported with this QEMU"),
    "unsupported",
    /^the host's QEMU can't serve a screen by spice\. Install its part for that .*, or use vnc$/,
  ],
  [
    dnsmasqFailed("bad option at line 16 of /var/lib/libvirt/dnsmasq/lab.conf"),
    "invalid-input",
    /^dnsmasq does not accept its configuration: bad option at line 16 of \S+\. Correct dnsmasqOptions$/,
  ],
  [
    dnsmasqFailed("failed to create listening socket for 10.9.0.1: Address already in use"),
    "conflict",
    /^another program of the host answers DNS at 10\.9\.0\.1\. Stop it, or choose another subnet or host address$/,
  ],
  [
    dnsmasqFailed("cannot read /etc/ethers: Permission denied"),
    "command-failed",
    /^dnsmasq, .*, does not start: cannot read \/etc\/ethers: Permission denied\. Correct what it names/,
  ],
  [
    "error: Failed to update network lab\nerror: Requested operation is not valid: network is not running\n",
    "conflict",
    /^the network was stopped meanwhile\. Run `pulumi up` again$/,
  ],
  [
    "error: failed to connect to the hypervisor\nerror: Failed to connect socket to '/run/libvirt/libvirt-sock': No such file or directory\n",
    "unreachable",
    /^connection: libvirt does not answer at \/run\/libvirt\/libvirt-sock\. Start it/,
  ],
  [
    "error: Failed to connect socket to '/run/libvirt/libvirt-sock': Connection refused\n",
    "unreachable",
    /^connection: libvirt does not answer at \/run\/libvirt\/libvirt-sock\. Start it/,
  ],
  [
    startFailed("Failed to connect socket to '/run/libvirt/virtlogd-sock': No such file or directory"),
    "unreachable",
    /^virtlogd, .* does not answer at \/run\/libvirt\/virtlogd-sock\. Start it \(systemctl start virtlogd\)$/,
  ],
  [
    "error: Failed to connect socket to '/run/libvirt/libvirt-sock': Permission denied\n",
    "forbidden",
    /^this user may not use libvirt\. Run as root, or join the group libvirt/,
  ],
  [
    "error: authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'\n",
    "forbidden",
    /^this user may not use libvirt\./,
  ],
  [
    "error: operation forbidden: read only access prevents virDomainCreate\n",
    "forbidden",
    /operation forbidden: read only.*\. Run as root/,
  ],
  [
    "error: internal error: unexpected QEMU URI path '/nowhere', try qemu:///system\n",
    "unreachable",
    /unexpected QEMU URI path '\/nowhere'.*\. Correct the connection URI/,
  ],
  [
    "error: Cannot recv data: Host key verification failed.: Connection reset by peer\n",
    "unreachable",
    /^the host's ssh key is not known\. Connect to it once/,
  ],
  [
    "error: Cannot recv data: root@kvm1: Permission denied (publickey,password).: Connection reset by peer\n",
    "forbidden",
    /^the host refuses the ssh login\. Name the key/,
  ],
  [
    "error: Cannot recv data: kex_exchange_identification: Connection closed by remote host\n",
    "unreachable",
    /too many logins at a time\. Run it again with fewer steps at a time, such as `pulumi up --parallel 4`/,
  ],
  [
    "error: End of file while reading data: sh: 1: nc: not found: Input/output error\n",
    "unreachable",
    /^the host has no nc.*\. Install it there/,
  ],
  [
    "error: Cannot recv data: Connection reset by peer\n",
    "unreachable",
    /^libvirt: Cannot recv data: Connection reset by peer\. Check that libvirtd runs/,
  ],
  [
    "error: Failed to create vol a\nerror: cannot allocate 1073741824 bytes in file '/p/a': No space left on device\n",
    "no-space",
    /^libvirt: cannot allocate 1073741824 bytes.*\. Free space in the pool's file system/,
  ],
  [
    "error: Failed to create vol big\nerror: cannot extend file '/p/big': File too large\n",
    "no-space",
    /^\/p\/big is larger than a file may be/,
  ],
  [
    "error: Failed to change size of volume 'a' to 1M\nerror: invalid argument: Can't shrink capacity below current capacity unless shrink flag explicitly specified\n",
    "invalid-input",
    /^the size is smaller than the volume's current size.*\. Keep the current size/,
  ],
  [
    "error: internal error: unable to execute QEMU command 'block_resize': Device '(null)' is in use\n",
    "conflict",
    /^the disk can't grow while a copy of it.*\. Wait until/,
  ],
  [
    "error: Failed to build pool p\nerror: cannot create path '/srv/a.img': Not a directory\n",
    "conflict",
    /^\/srv\/a\.img is a file.*\. Choose another path/,
  ],
  [
    "error: internal error: pool 'p1' has asynchronous jobs running.\n",
    "conflict",
    /^storage pool "p1" is busy.*\. Wait until/,
  ],
  [
    "error: Requested operation is not valid: volume 'a' is still being allocated.\n",
    "conflict",
    /still being allocated\. Another program is filling the volume: wait/,
  ],
  [
    "error: Requested operation is not valid: volume 'a' is still in use.\n",
    "conflict",
    /still in use\. Another program is filling the volume: wait/,
  ],
  [
    "error: operation failed: Storage source conflict with pool: 'p1'\n",
    "conflict",
    /^the directory or device belongs to the storage pool "p1"\. Use that pool/,
  ],
  [
    "error: internal error: missing backend for pool type 12 (zfs)\n",
    "unsupported",
    /no driver for pools of type zfs\. Install it \(Debian: apt-get install libvirt-daemon-driver-storage-zfs\)/,
  ],
  [
    "error: internal error: Child process (/sbin/pvs --noheadings -o pv_name,vg_name) unexpected exit status 127: libvirt:  error : cannot execute binary /sbin/pvs: No such file or directory\n",
    "unsupported",
    /^the host has no \/sbin\/pvs.*\. Install it \(Debian: lvm2/,
  ],
  [
    "error: internal error: Child process (/bin/mount -o nodev -t nfs 127.0.0.1:/x /p) unexpected exit status 32: mount: /p: mount point does not exist.\n",
    "unreachable",
    /could not be mounted \(mount: \/p: mount point does not exist\.\)\. Check/,
  ],
  [
    "error: inaccessible backing store volume /a.img: No such file or directory\n",
    "not-found",
    /^the backing file \/a\.img does not exist\. Create it/,
  ],
  [
    "error: Failed to list volumes\nerror: Requested operation is not valid: storage pool 'p3' is not active\n",
    "not-found",
    /^storage pool "p3" is not active\. Start it: virsh pool-start p3$/,
  ],
  [
    "error: Failed to undefine pool p1\nerror: Requested operation is not valid: storage pool 'p1' is still active\n",
    "conflict",
    /^storage pool "p1" is still active\. Stop it first: virsh pool-destroy p1/,
  ],
  [
    "error: failed to get pool 'p9'\nerror: Storage pool not found: no storage pool with matching name 'p9'\n",
    "not-found",
    /^the host has no storage pool "p9"\. Create it/,
  ],
  [
    "error: failed to get vol 'a'\nerror: Storage volume not found: no storage vol with matching path 'a'\n",
    "not-found",
    /^the storage pool has no volume "a"\. Create it/,
  ],
  [
    "error: Requested operation is not valid: volume name 'a/b' cannot contain '/'\n",
    "invalid-input",
    /^the volume's name "a\/b" contains a slash\. Choose a name without a slash$/,
  ],
  [
    startFailed("Cannot access storage file '/missing.img': No such file or directory"),
    "not-found",
    /^the disk image \/missing\.img does not exist\. Create it/,
  ],
  [
    startFailed(
      "Cannot access backing file '/missing.img' of storage file '/a.qcow2' (as uid:64055, gid:108): No such file or directory",
    ),
    "not-found",
    /^the disk image \/missing\.img does not exist\. Create it/,
  ],
  [
    startFailed("Cannot access storage file '/root/a.qcow2' (as uid:64055, gid:108): Permission denied"),
    "forbidden",
    /'\/root\/a\.qcow2'.*\. Allow the user that QEMU runs as to search every directory/,
  ],
  [
    startFailed(
      "internal error: process exited while connecting to monitor: -blockdev {}: Could not open '/root/base.img': Permission denied",
    ),
    "forbidden",
    /^QEMU may not open \/root\/base\.img\. Allow the user that QEMU runs as to search/,
  ],
  [
    startFailed(
      "internal error: process exited while connecting to monitor: -blockdev {}: Image is not in qcow2 format",
    ),
    "invalid-input",
    /^a disk image is not in the format qcow2.*\. Set the format that it has/,
  ],
  [
    startFailed(
      'internal error: process exited while connecting to monitor: -device {}: Failed to get "write" lock\nIs another process using the image [/p/a]?',
    ),
    "conflict",
    /^the disk image \/p\/a is in use by another process\. Stop the machine that uses it$/,
  ],
  [
    'error: internal error: Child process (qemu-img resize) unexpected exit status 1: Failed to get shared "write" lock\n',
    "conflict",
    /^the disk image is in use by another process\. Stop the machine that uses it$/,
  ],
  [
    "error: Failed to start network lab\nerror: internal error: Network is already in use by interface eth0\n",
    "conflict",
    /^the subnet is in use by the interface eth0\. Choose another subnet$/,
  ],
  [
    "error: internal error: bridge name 'br0' already in use.\n",
    "conflict",
    /bridge name 'br0' already in use\. Choose another bridge name$/,
  ],
  [
    "error: error creating bridge interface br0: File exists\n",
    "conflict",
    /^libvirt: error creating bridge interface br0: File exists\. Choose another bridge name$/,
  ],
  [
    "error: error creating bridge interface averylongbridgename: Numerical result out of range\n",
    "invalid-input",
    /^the bridge name "averylongbridgename" is too long\. Choose one of up to 15 characters$/,
  ],
  [
    "error: error creating bridge interface br0: Operation not permitted\n",
    "forbidden",
    /^this libvirt may not create the bridge br0\. Use the connection "qemu:\/\/\/system"/,
  ],
  [
    "error: Requested operation is not valid: there is an existing dhcp host entry in network 'n1' that matches \"<host mac='52:54:00:00:00:01' name='(null)' ip='10.99.1.6'/>\"\n",
    "conflict",
    /^network "n1" has a fixed address for this MAC \(52:54:00:00:00:01\).*\. Choose another address, or remove that entry \(virsh net-edit n1\)$/,
  ],
  [
    "error: Requested operation is not valid: there is an existing portgroup entry in network 'n1' that matches \"<portgroup name='p'>\"\n",
    "conflict",
    /existing portgroup entry.*\. Remove one of the two entries$/,
  ],
  [
    "error: Requested operation is not valid: there is already at least one DNS HOST record with a matching field in network n1\n",
    "conflict",
    /DNS HOST record.*\. Remove one of the two entries$/,
  ],
  [
    "error: Requested operation is not valid: couldn't locate a matching dhcp host entry in network 'n1'\n",
    "not-found",
    /couldn't locate a matching dhcp host.*\. Another program has changed the network: run `pulumi refresh`/,
  ],
  [
    "error: internal error: range 10.98.1.11 - 10.98.1.30 is not entirely within network 10.99.1.1/24\n",
    "invalid-input",
    /^the DHCP range from 10\.98\.1\.11 to 10\.98\.1\.30 is not within the subnet of 10\.99\.1\.1\/24\. Choose/,
  ],
  [
    "error: Operation not supported: dhcp ranges cannot be modified, only added or deleted\n",
    "unsupported",
    /\. It changes only with a restart of the network/,
  ],
  [
    "error: Operation not supported: can't update 'bridge' section of network 'n1'\n",
    "unsupported",
    /\. It changes only with a restart of the network/,
  ],
  [
    startFailed("Requested operation is not valid: network 'lab' is not active"),
    "not-found",
    /^network "lab" is not active\. Start it: virsh net-start lab$/,
  ],
  [
    startFailed("Network not found: no network with matching name 'lab'"),
    "not-found",
    /^the host has no network "lab"\. Create it/,
  ],
  [
    startFailed("Cannot get interface MTU on 'br7': No such device"),
    "not-found",
    /^the host has no bridge or device "br7"\. Create it/,
  ],
  [
    "error: XML error: expected unicast mac address, found multicast '53:54:00:00:01:21'\n",
    "invalid-input",
    /^the MAC address 53:54:00:00:01:21 is one of a group.*\. Choose one whose second digit is even/,
  ],
  [
    "error: XML error: Invalid multicast bridge mac address '53:54:00:00:00:01' in network 'n9'\n",
    "invalid-input",
    /^the MAC address 53:54:00:00:00:01 is one of a group/,
  ],
  [
    startFailed(
      "internal error: Child process (tc qdisc add dev vnet2 parent 1:1 handle 2: sfq perturb 10) unexpected exit status 2: Error: Specified qdisc kind is unknown.",
    ),
    "unsupported",
    /^the host's kernel cannot limit bandwidth\. Load/,
  ],
  [
    startFailed("internal error: referenced filter 'f' is missing"),
    "not-found",
    /^the host has no network filter "f"\. Choose one/,
  ],
  [
    "error: internal error: unable to execute QEMU command 'device_del': acpi: device unplug request for not supported device type: qemu64-x86_64-cpu\n",
    "unsupported",
    /^a running machine of this kind can't give CPUs back\. Shut the machine down/,
  ],
  [
    "error: Can't add another USB controller: USB is disabled for this domain",
    "unsupported",
    /^the machine has no USB/,
  ],
  [
    "error: Failed to attach device from a.xml\nerror: internal error: No more available PCI slots\n",
    "unsupported",
    /^the running machine has no free PCI slot.*\. Shut the machine down/,
  ],
  [
    "error: invalid argument: requested vcpus is greater than max allowable vcpus for the live domain: 4 > 2\n",
    "invalid-input",
    /^4 CPUs are more than the machine's maximum of 2\. Raise the maximum/,
  ],
  [
    "error: invalid argument: cannot set memory higher than max memory\n",
    "invalid-input",
    /can't have more memory than its maximum\. Shut the machine down/,
  ],
  [
    "error: Requested operation is not valid: cannot resize the maximum memory on an active domain\n",
    "invalid-input",
    /can't have more memory than its maximum\. Shut the machine down/,
  ],
  [
    "error: Operation not supported: cannot modify network device model from virtio to e1000\n",
    "unsupported",
    /cannot modify network device model from virtio to e1000\. Shut the machine down/,
  ],
  [
    "error: Operation not supported: disk device type 'cdrom' cannot be detached\n",
    "unsupported",
    /^a running machine's cdrom drive can't be removed\. Shut the machine down/,
  ],
  [
    "error: device not found: no device found at address '(<null>)' matching MAC address '52:54:00:00:01:99' and alias '(<null>)'\n",
    "not-found",
    /\. Another program has changed the machine: run `pulumi refresh`/,
  ],
  [
    "error: No disk found whose source path or target is vdq\n",
    "not-found",
    /vdq\. Another program has changed the machine/,
  ],
  [
    "error: invalid argument: disk 'vdx' was not found in the domain config\n",
    "not-found",
    /\. Another program has changed the machine/,
  ],
  [
    "error: Domain is already active\n",
    "conflict",
    /\. The machine was started or stopped meanwhile: run `pulumi refresh`/,
  ],
  [
    "error: Requested operation is not valid: domain is not running\n",
    "conflict",
    /\. The machine was started or stopped meanwhile: run `pulumi refresh`/,
  ],
  [
    "error: argument unsupported: QEMU guest agent is not configured\n",
    "unsupported",
    /^the machine has no channel to a guest agent\. Enable the guest agent/,
  ],
  [
    "error: Guest agent is not responding: QEMU guest agent is not connected\n",
    "unreachable",
    /^the guest agent does not answer\. Install and start qemu-guest-agent/,
  ],
  [
    startFailed(
      "internal error: process exited while connecting to monitor: qemu-system-x86_64: cannot set up guest memory 'pc.ram': Cannot allocate memory",
    ),
    "no-space",
    /^the host does not have that much free memory\. Give the machine less memory/,
  ],
  [
    startFailed("internal error: hugetlbfs filesystem is not mounted or disabled by administrator config"),
    "unsupported",
    /^the host offers no huge pages\. Mount hugetlbfs/,
  ],
  [
    startFailed("invalid argument: could not get preferred machine for /usr/bin/qemu-system-x86_64 type=kvm"),
    "unsupported",
    /\. Set domainType to "qemu"/,
  ],
  [
    startFailed("operation failed: Unable to find any firmware to satisfy 'bios'"),
    "invalid-input",
    /\. Leave the attribute firmware='bios' out/,
  ],
  [
    startFailed("operation failed: Unable to find any firmware to satisfy 'efi'"),
    "unsupported",
    /\. Install UEFI firmware on the host/,
  ],
  [
    "error: unsupported configuration: TPM version '2.0' is not supported\n",
    "unsupported",
    /^the host can't emulate this TPM\. Install swtpm/,
  ],
  [
    "error: unsupported configuration: No emulator found for arch 'aarch64'\n",
    "unsupported",
    /^the host has no QEMU for the architecture aarch64\. Install it/,
  ],
  [startFailed("internal error: Unknown CPU model z9"), "invalid-input", /^QEMU knows no CPU model "z9"\. Choose one/],
  [
    "error: unsupported configuration: Maximum CPUs greater than specified machine type limit 288\n",
    "invalid-input",
    /does not support so many CPUs\. Use up to 288$/,
  ],
  [
    "error: XML error: target 'vda' duplicated for disk sources '/a' and '/b'\n",
    "invalid-input",
    /^two disks have the target vda\. Give each its own$/,
  ],
  [
    startFailed("unsupported configuration: host doesn't support passthrough of host PCI devices"),
    "unsupported",
    /^the host can't pass PCI devices through\. Enable the IOMMU/,
  ],
  [
    startFailed("cannot open directory '/sys/bus/usb/devices': No such file or directory"),
    "unsupported",
    /^the host has no USB devices/,
  ],
  [
    startFailed(
      "internal error: process exited while connecting to monitor: -vnc 192.0.2.1:99: Failed to bind socket: Cannot assign requested address",
    ),
    "conflict",
    /^the display can't listen.*\. Choose an address of the host/,
  ],
  [
    startFailed("unable to stat: /k: No such file or directory"),
    "not-found",
    /^the file \/k, .* does not exist\. Create/,
  ],
  [
    startFailed("Failed to create file '/nowhere/log': No such file or directory"),
    "not-found",
    /^the directory of \/nowhere\/log does not exist\. Create it/,
  ],
  [
    "error: Failed to start pool p3\nerror: cannot open directory '/none': No such file or directory\n",
    "not-found",
    /^the directory \/none does not exist\. Create it/,
  ],
  [
    startFailed("internal error: cannot open /log: Device or resource busy"),
    "conflict",
    /Device or resource busy\. Give each machine its own file/,
  ],
  [
    "error: Requested operation is not valid: cannot undefine domain with nvram\n",
    "conflict",
    /^the machine has UEFI variables.*\. Remove them with it/,
  ],
  [
    "error: Requested operation is not valid: cannot delete inactive domain with 1 snapshots\n",
    "conflict",
    /^the machine has snapshots\. Delete them first/,
  ],
  [
    "error: Refusing to undefine while domain managed save image exists\n",
    "conflict",
    /^the machine is suspended to a file.*\. Start it, or/,
  ],
  [
    "error: failed to get domain 'web'\n",
    "not-found",
    /^the host has no machine "web"\. If another program deleted it/,
  ],
  [
    startFailed("internal error: qemu unexpectedly closed the monitor"),
    "command-failed",
    /^QEMU ended at once.*\. See its log on the host/,
  ],
  [
    startFailed("internal error: process exited while connecting to monitor: one\ntwo"),
    "command-failed",
    /^QEMU ended at once: one; two\. See its log on the host/,
  ],
  [
    "error: operation failed: domain 'web' already exists with uuid 6f1c\n",
    "conflict",
    /^libvirt: operation failed: domain 'web' already exists.*\. Choose another name/,
  ],
  ["error: storage volume 'v1' exists already\n", "conflict", /\. Choose another name/],
  [
    "error: Failed to define domain from a.xml\nerror: XML document failed to validate against schema: Unable to validate doc against /usr/share/libvirt/schemas/domain.rng\nElement domain has extra content: foo\n",
    "invalid-input",
    /^libvirt's schema refuses the definition: Element domain has extra content: foo\. Correct the property/,
  ],
  [
    "error: (domain_definition):1: Couldn't find end of Start Tag domain line 1\n<domain\n-------^\n",
    "invalid-input",
    /\(domain_definition\):1: Couldn't find end.*\. Correct the property/,
  ],
];

describe("virsh's failures in the user's words", () => {
  for (const [stderr, code, message] of cases) {
    it(`${code}: ${stderr.trim().split("\n").at(-1) ?? ""}`, () => {
      const failure = failed(stderr);
      const explained = explainVirsh(failure);
      assert.ok(explained instanceof KvmError);
      assert.equal(explained.code, code);
      assert.match(explained.message, message);
      assert.equal(explained.cause, failure);
    });
  }

  it("all have a case here", () => {
    const meant = new Set(cases.map(([stderr]) => failures.findIndex(({ pattern }) => pattern.test(stderr))));
    assert.deepEqual(
      [...failures.keys()].filter((index) => !meant.has(index)).map((index) => failures[index]?.pattern),
      [],
    );
  });

  for (const [stderr, message] of [
    ["error: Failed to start domain 'web'\nerror: something new\n", "libvirt: something new"],
    ["error: cannot read /run/x/kvm-deploy-a1B2c3/object.xml\n", "libvirt: cannot read a temporary file"],
    [`error: no domain with matching uuid '${uuid}' (web)\n`, "libvirt: no domain (web)"],
    [`error: ${uuid} is odd\n`, "libvirt: of that UUID is odd"],
    [`error: failed to get domain '${uuid}'\n`, /^the host has no machine of that UUID\. If/],
    ["", "libvirt failed without a message"],
  ] as const) {
    it(`without what means nothing to a user, who never sees the call: ${stderr}`, () => {
      const failure = failed(stderr);
      const explained = explainVirsh(failure);
      assert.ok(explained instanceof KvmError);
      if (typeof message === "string") assert.equal(explained.message, message);
      else assert.match(explained.message, message);
      assert.equal(explained.cause, failure);
    });
  }

  it("with libvirt's own words in addition, for those who look closer", () => {
    const stderr = dnsmasqFailed("bad option at line 16 of /etc/lab.conf");
    assert.deepEqual(wordsOfCauses(new PartiallyCreated("id", {}, explainVirsh(failed(stderr)))), [stderr.trim()]);
  });

  for (const [stderr, shown] of [
    [
      'error: (domain_definition):3: Attribute type redefined\n  <graphics passwd="secret" type="x" type="y"/>\n---------^\n',
      /Attribute type redefined/,
    ],
    ["error: cannot reach http://ada:secret@mirror\n", /http:\/\/ada:\[hidden\]@mirror/],
  ] as const) {
    it(`without a secret: ${String(shown)}`, () => {
      const explained = explainVirsh(failed(stderr));
      assert.ok(explained instanceof KvmError);
      for (const text of [explained.message, ...wordsOfCauses(explained)]) {
        assert.match(text, shown);
        assert.doesNotMatch(text, /secret/);
      }
    });
  }

  it("what is no failure of a program is handed on", () => {
    const other = new TypeError("already exists");
    assert.equal(explainVirsh(other), other);
  });
});
