// Made by tools/generate.ts from the schemas in provider/; change those and run `npm run generate`.
import type * as pulumi from "@pulumi/pulumi";
import type { Size } from "../provider/values/units";

export interface InstallerIsoArgs {
  /**
   * libvirt connection URI of the KVM host. Default: kvm:connection of the stack's configuration, else the
   * environment's KVM_DEPLOY_CONNECTION, else qemu:///system.
   * Sets: virsh --connect
   */
  readonly connection?: pulumi.Input<string | undefined>;
  /**
   * File name of the new ISO without .iso. Default: the resource's name.
   * Sets: xorriso -dev
   */
  readonly name?: pulumi.Input<string | undefined>;
  /**
   * The distribution's own installer ISO: a release by name, or a file by path or URL. A name is
   * `DISTRIBUTION:RELEASE`, also with a point release (`debian:13.6`) or a medium (`debian:13/dvd`); `latest` is the
   * latest release. A name is looked up at its first use, and the distribution's signature is verified.
   * Sets: xorriso -indev
   */
  readonly source: pulumi.Input<string | InstallerIsoSourceArgs>;
  /**
   * YAML file of the releases by name, on the machine that runs Pulumi. Default: kvm-deploy's own,
   * provider/releases/catalogue.yaml.
   * Sets: xorriso -indev
   */
  readonly catalogue?: pulumi.Input<string | undefined>;
  /**
   * Directory of the new ISO on the KVM host. Default: kvm-deploy's own.
   * Sets: xorriso -dev
   */
  readonly directory?: pulumi.Input<string | undefined>;
  /**
   * Whether the ISO stays after the installation; required if several machines are installed from it. Otherwise the
   * ISO is deleted, because its answers contain keys and hashes of passwords. It is written again if its machine no
   * longer exists.
   * Sets: kvm-deploy/installation.json
   * @default false
   */
  readonly keep?: pulumi.Input<boolean | undefined>;
  /**
   * What to install: the options of all installer families.
   * Sets: the answers
   * @default {}
   */
  readonly system?: pulumi.Input<InstallerIsoSystemArgs | undefined>;
  /**
   * Options that only Debian's installer has; {} says that the ISO is Debian's.
   * Sets: preseed.cfg
   */
  readonly debian?: pulumi.Input<InstallerIsoDebianArgs | undefined>;
  /**
   * Options that only Ubuntu's installer has; {} says that the ISO is Ubuntu Server's.
   * Sets: autoinstall
   */
  readonly ubuntu?: pulumi.Input<InstallerIsoUbuntuArgs | undefined>;
  /**
   * Options that only the installer of Fedora, RHEL and their derivatives has; {} says that the ISO is one of theirs.
   * Sets: ks.cfg
   */
  readonly redhat?: pulumi.Input<InstallerIsoRedhatArgs | undefined>;
  /**
   * Options that only AutoYaST has; {} says that the ISO is one of Leap 15 or SLES 15.
   * Sets: autoinst.xml
   */
  readonly suse?: pulumi.Input<InstallerIsoSuseArgs | undefined>;
  /**
   * Options that only Agama has, the installer of Leap 16, SLES 16 and Tumbleweed.
   * Sets: profile.json
   */
  readonly agama?: pulumi.Input<InstallerIsoAgamaArgs | undefined>;
  /**
   * Handlebars file of the answers, on the machine that runs Pulumi. Default: the family's own.
   * Sets: the answers
   */
  readonly template?: pulumi.Input<string | undefined>;
  /**
   * YAML file that maps the template's variables to the configuration. Default: the family's own.
   * Sets: the answers
   */
  readonly table?: pulumi.Input<string | undefined>;
  /**
   * What template and table may use in addition to the options. Always kept secret.
   * Sets: the answers
   * @default {}
   */
  readonly data?: pulumi.Input<Readonly<Record<string, pulumi.Input<unknown>>> | undefined>;
}

export interface InstallerIsoSourceArgs {
  /**
   * The installer ISO on the KVM host.
   * Sets: xorriso -indev
   */
  readonly path?: pulumi.Input<string | undefined>;
  /**
   * URL from which the KVM host downloads it once.
   * Sets: xorriso -indev
   */
  readonly url?: pulumi.Input<string | undefined>;
  /**
   * SHA-256 sum, as published by the distribution.
   * Sets: a check before its use
   */
  readonly sha256: pulumi.Input<string>;
}

export interface InstallerIsoSystemArgs {
  /**
   * Host name without the domain. Default: the family's name.
   * Sets: /etc/hostname
   * @example "web-1"
   */
  readonly hostname?: pulumi.Input<string | undefined>;
  /**
   * DNS domain. Default: none.
   * Sets: /etc/hosts
   * @example "example.org"
   */
  readonly domain?: pulumi.Input<string | undefined>;
  /**
   * Language and region, in UTF-8: de_DE is short for de_DE.UTF-8. C.UTF-8 speaks English and needs no package of its
   * own.
   * Sets: LANG
   * @default "C.UTF-8"
   */
  readonly locale?: pulumi.Input<string | undefined>;
  /**
   * Keyboard layout by XKB's name, such as us or latam, with its variant in brackets where it is another than the
   * plain one: de(nodeadkeys), ch(fr), us(dvorak). The kernel's own names, such as uk or de-latin1, are understood,
   * too.
   * Sets: XKBLAYOUT, XKBVARIANT
   * @default "us"
   */
  readonly keyboard?: pulumi.Input<string | undefined>;
  /**
   * Time zone by its region and city; of an old name, such as US/Eastern, the present one is taken.
   * Sets: /etc/localtime
   * @default "Etc/UTC"
   */
  readonly timezone?: pulumi.Input<string | undefined>;
  /**
   * Time servers, or false for a system that sets no clock. Default: the distribution's own servers.
   * Sets: the distribution's time service
   */
  readonly ntp?: pulumi.Input<false | readonly pulumi.Input<string>[] | undefined>;
  /**
   * Hash of root's password, as of crypt(3), for the console and for su: SSH servers let root in by key only, so this
   * password alone gives no sshCommand. Always kept secret. Default: root has none, and logs in by key only.
   * Sets: chpasswd -e
   */
  readonly rootPassword?: pulumi.Input<string | undefined>;
  /**
   * Public SSH keys that may log in as root.
   * Sets: /root/.ssh/authorized_keys
   * @default []
   */
  readonly rootKeys?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * Further accounts.
   * Sets: useradd
   * @default []
   */
  readonly users?: pulumi.Input<readonly pulumi.Input<InstallerIsoSystemUserArgs>[] | undefined>;
  /**
   * Interfaces and addresses. Default: the first interface that has a link, by DHCP.
   * Sets: the installer's network configuration
   */
  readonly network?: pulumi.Input<InstallerIsoSystemNetworkArgs | undefined>;
  /**
   * The archive to install from. Default: the installer's own choice.
   * Sets: the installer's package source
   */
  readonly mirror?: pulumi.Input<string | undefined>;
  /**
   * HTTP proxy for packages; its URL may have a login. Always kept secret. Default: none.
   * Sets: the installer's package source
   */
  readonly proxy?: pulumi.Input<string | undefined>;
  /**
   * Where and how to install.
   * Sets: the installer's partitioning
   * @default {}
   */
  readonly disk?: pulumi.Input<InstallerIsoSystemDiskArgs | undefined>;
  /**
   * Packages to install in addition to the base system.
   * Sets: the installer's selection
   * @default ["openssh-server"]
   */
  readonly packages?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * Groups of packages, by the names that the distribution has for its tasks, groups or patterns.
   * Sets: the installer's selection
   * @default []
   */
  readonly groups?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * Kernel arguments for the installer and the installed system. Without a console= among them, console=tty0 and
   * console=ttyS0,115200 are added: the kernel writes to screen and serial port, the installer to the last.
   * Sets: boot entries of the ISO and of the new system
   * @default []
   */
  readonly kernelArguments?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * The machine's SSH host keys; `false` leaves them to the machine: the first login can't be verified then. Always
   * kept secret. Default: kvm-deploy makes a key of each kind, and keeps them secret in the state.
   * Sets: /etc/ssh
   */
  readonly hostKeys?: pulumi.Input<InstallerIsoSystemHostKeysArgs | false | undefined>;
  /**
   * Shell scripts of your own. Always kept secret.
   * Sets: the installer's own hooks
   * @default {}
   */
  readonly scripts?: pulumi.Input<InstallerIsoSystemScriptsArgs | undefined>;
  /**
   * What manages the new system from its first start on.
   * Sets: the hand-over
   */
  readonly handOver?: pulumi.Input<InstallerIsoSystemHandOverArgs | undefined>;
  /**
   * Whether the machine is a router.
   * Sets: /etc/sysctl.d
   * @default {}
   */
  readonly forwarding?: pulumi.Input<InstallerIsoSystemForwardingArgs | undefined>;
}

export interface InstallerIsoSystemUserArgs {
  /**
   * Login name.
   * Sets: useradd
   */
  readonly name: pulumi.Input<string>;
  /**
   * The person's name.
   * Sets: useradd --comment
   * @default ""
   */
  readonly fullName?: pulumi.Input<string | undefined>;
  /**
   * Number of the user, and of the group of the same name where the distribution makes one. Default: the next free
   * one.
   * Sets: useradd --uid
   */
  readonly uid?: pulumi.Input<number | undefined>;
  /**
   * Login shell. The packages of zsh, fish and tcsh are installed for it; name others in `packages`. Without the shell
   * the installation fails. Default: /bin/bash.
   * Sets: useradd --shell
   */
  readonly shell?: pulumi.Input<string | undefined>;
  /**
   * Home directory. Default: below /home.
   * Sets: useradd --home-dir
   */
  readonly home?: pulumi.Input<string | undefined>;
  /**
   * Hash of the password, as of crypt(3). Always kept secret. Default: no login by password.
   * Sets: chpasswd -e
   */
  readonly password?: pulumi.Input<string | undefined>;
  /**
   * Public SSH keys that may log in.
   * Sets: ~/.ssh/authorized_keys
   * @default []
   */
  readonly keys?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * Further groups that the user belongs to; made where they are missing.
   * Sets: usermod -G
   * @default []
   */
  readonly groups?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * Whether this user may become root by sudo: with the own password (true), or without any; true is without any, too,
   * where the user has none.
   * Sets: /etc/sudoers.d
   * @default false
   */
  readonly sudo?: pulumi.Input<boolean | "passwordless" | undefined>;
}

export interface InstallerIsoSystemNetworkArgs {
  /**
   * Interfaces; the first one is the installer's too. Those that are not named here are left alone.
   * Sets: the installer's network configuration
   */
  readonly interfaces: pulumi.Input<readonly pulumi.Input<InstallerIsoSystemNetworkInterfaceArgs>[]>;
}

export interface InstallerIsoSystemNetworkInterfaceArgs {
  /**
   * Name in the new system, such as enp1s0. Default: the first interface that has a link.
   * Sets: the installer's network configuration
   * @example "enp1s0"
   */
  readonly name?: pulumi.Input<string | undefined>;
  /**
   * MAC address by which the interface is found, where its name is not known beforehand.
   * Sets: the installer's network configuration
   * @example "52:54:00:12:34:56"
   */
  readonly mac?: pulumi.Input<string | undefined>;
  /**
   * Fixed addresses with the lengths of their subnets' prefixes. Default: by DHCP.
   * Sets: the installer's network configuration
   */
  readonly addresses?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * Whether an address of IPv4 is obtained by DHCP. With false and without `addresses` the interface has no address at
   * all, as the carrier of a VLAN may. Default: true without `addresses`, else false; false for the interfaces of
   * bonds and bridges.
   * Sets: the installer's network configuration
   */
  readonly dhcp4?: pulumi.Input<boolean | undefined>;
  /**
   * Whether IPv6 is configured by router advertisements, and by DHCPv6 where they say so. Default: as the distribution
   * does it; false for an interface without any address.
   * Sets: the installer's network configuration
   */
  readonly acceptRa?: pulumi.Input<boolean | undefined>;
  /**
   * Address of the router, in the subnet of an address; with a /32 anywhere on the same link. Default: none.
   * Sets: the installer's network configuration
   * @example "172.16.1.10"
   */
  readonly gateway?: pulumi.Input<string | undefined>;
  /**
   * Address of the router for IPv6. Default: none.
   * Sets: the installer's network configuration
   */
  readonly gateway6?: pulumi.Input<string | undefined>;
  /**
   * Addresses of name servers.
   * Sets: the installer's network configuration
   * @default []
   */
  readonly dns?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * Domains in which short names are looked up.
   * Sets: the installer's network configuration
   * @default []
   */
  readonly search?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * Static routes, in addition to the default route by `gateway` and `gateway6`.
   * Sets: the installer's network configuration
   * @default []
   */
  readonly routes?: pulumi.Input<readonly pulumi.Input<InstallerIsoSystemNetworkInterfaceRouteArgs>[] | undefined>;
  /**
   * Largest packet that the interface sends, in bytes. Default: the kernel's own, 1500.
   * Sets: the installer's network configuration
   */
  readonly mtu?: pulumi.Input<number | undefined>;
  /**
   * Makes it a VLAN of another interface; it needs a `name`.
   * Sets: the installer's network configuration
   */
  readonly vlan?: pulumi.Input<InstallerIsoSystemNetworkInterfaceVlanArgs | undefined>;
  /**
   * Makes it a bond of other interfaces; it needs a `name`.
   * Sets: the installer's network configuration
   */
  readonly bond?: pulumi.Input<InstallerIsoSystemNetworkInterfaceBondArgs | undefined>;
  /**
   * Makes it a bridge of other interfaces; it needs a `name`.
   * Sets: the installer's network configuration
   */
  readonly bridge?: pulumi.Input<InstallerIsoSystemNetworkInterfaceBridgeArgs | undefined>;
}

export interface InstallerIsoSystemNetworkInterfaceRouteArgs {
  /**
   * Subnet that is reached by the route.
   * Sets: route: destination
   * @example "10.0.0.0/8"
   */
  readonly to: pulumi.Input<string>;
  /**
   * Address of the router; it lies in the subnet of one of the interface's addresses.
   * Sets: route: gateway
   */
  readonly via: pulumi.Input<string>;
  /**
   * Of two routes to a subnet, the one with the lower metric is used. Default: the system's own.
   * Sets: route: metric
   */
  readonly metric?: pulumi.Input<number | undefined>;
}

export interface InstallerIsoSystemNetworkInterfaceVlanArgs {
  /**
   * Number of the VLAN, 1 to 4094.
   * Sets: 802.1Q tag
   */
  readonly id: pulumi.Input<number>;
  /**
   * The interface that carries it.
   * Sets: 802.1Q link
   * @example "enp1s0"
   */
  readonly link: pulumi.Input<string>;
}

export interface InstallerIsoSystemNetworkInterfaceBondArgs {
  /**
   * The interfaces that are bonded.
   * Sets: bonding: slaves
   */
  readonly interfaces: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * How they share the work.
   * Sets: bonding: mode
   * @default "active-backup"
   */
  readonly mode?: pulumi.Input<"active-backup" | "802.3ad" | "balance-rr" | "balance-xor" | "broadcast" | "balance-tlb" | "balance-alb" | undefined>;
  /**
   * The interface that is used while it has a link; with active-backup, balance-tlb and balance-alb only. Default:
   * none.
   * Sets: bonding: primary
   * @example "enp1s0"
   */
  readonly primary?: pulumi.Input<string | undefined>;
  /**
   * How often the links are checked, in milliseconds.
   * Sets: bonding: miimon
   * @default 100
   */
  readonly miimon?: pulumi.Input<number | undefined>;
  /**
   * How often the partner sends LACPDUs; with 802.3ad only. Default: the kernel's own, slow.
   * Sets: bonding: lacp_rate
   */
  readonly lacpRate?: pulumi.Input<"slow" | "fast" | undefined>;
  /**
   * What decides which interface sends a packet; with 802.3ad, balance-xor and balance-tlb only. Default: the kernel's
   * own, layer2.
   * Sets: bonding: xmit_hash_policy
   */
  readonly transmitHashPolicy?: pulumi.Input<"layer2" | "layer2+3" | "layer3+4" | "encap2+3" | "encap3+4" | undefined>;
}

export interface InstallerIsoSystemNetworkInterfaceBridgeArgs {
  /**
   * The interfaces that are bridged.
   * Sets: bridge: ports
   */
  readonly interfaces: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Whether it speaks the Spanning Tree Protocol.
   * Sets: bridge: stp
   * @default false
   */
  readonly stp?: pulumi.Input<boolean | undefined>;
}

export interface InstallerIsoSystemDiskArgs {
  /**
   * The disk to erase and install on; with raid1 and raid1-lvm, two or more. Default: the first one.
   * Sets: the installer's partitioning
   */
  readonly devices?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * Partitions: plain ones on the whole disk (whole), LVM (lvm), LVM within LUKS (encrypted), one file system that is
   * mirrored on all disks (raid1), mirrored LVM (raid1-lvm; with both, the boot loader is on each disk), or what the
   * family's own option describes (custom).
   * Sets: the installer's partitioning
   * @default "whole"
   */
  readonly layout?: pulumi.Input<"whole" | "lvm" | "encrypted" | "raid1" | "raid1-lvm" | "custom" | undefined>;
  /**
   * File system of the root. Default: the family's own.
   * Sets: the installer's partitioning
   */
  readonly fileSystem?: pulumi.Input<"ext4" | "xfs" | "btrfs" | undefined>;
  /**
   * Further file systems, such as `/home`, each in a partition or logical volume of its own; `/` in the list gives the
   * root's size. Default: the root alone, on all that is left.
   * Sets: the installer's partitioning
   */
  readonly mounts?: pulumi.Input<readonly pulumi.Input<InstallerIsoSystemDiskMountArgs>[] | undefined>;
  /**
   * Size of the swap partition or logical volume, or `false` for none. Default: the family's own.
   * Sets: the installer's partitioning
   */
  readonly swap?: pulumi.Input<false | Size | undefined>;
  /**
   * What opens the encrypted disk. The machine asks for it at every boot, unless `unlock` opens the disk, on its last
   * console, which is the first serial port by default: `virsh console` opens it. Always kept secret.
   * Sets: LUKS passphrase
   */
  readonly passphrase?: pulumi.Input<string | undefined>;
  /**
   * What opens the encrypted disk at a boot, so that nothing has to be typed. What is typed otherwise opens it, too.
   * Default: nothing.
   * Sets: clevis luks bind
   */
  readonly unlock?: pulumi.Input<InstallerIsoSystemDiskUnlockArgs | undefined>;
}

export interface InstallerIsoSystemDiskMountArgs {
  /**
   * Where the file system is mounted, such as `/home`.
   * Sets: the installer's partitioning
   */
  readonly path: pulumi.Input<string>;
  /**
   * Its size. Default: what the others leave; only one of them can be without a size.
   * Sets: the installer's partitioning
   * @example "20GiB"
   */
  readonly size?: pulumi.Input<Size | undefined>;
  /**
   * Its kind. Default: the same as the root.
   * Sets: the installer's partitioning
   */
  readonly fileSystem?: pulumi.Input<"ext4" | "xfs" | "btrfs" | undefined>;
}

export interface InstallerIsoSystemDiskUnlockArgs {
  /**
   * Whether the machine's TPM 2.0 opens the disk; the Machine needs a `tpm`. With `true`, any system that is started
   * on this machine can open the disk, and a copy of the disk elsewhere can't be opened.
   * Sets: clevis tpm2
   * @default false
   */
  readonly tpm2?: pulumi.Input<boolean | InstallerIsoSystemDiskUnlockTpm2Args | undefined>;
  /**
   * Tang servers that open the disk where they are in reach.
   * Sets: clevis tang
   * @default []
   */
  readonly tang?: pulumi.Input<readonly pulumi.Input<InstallerIsoSystemDiskUnlockTangArgs>[] | undefined>;
  /**
   * How many of the TPM and the Tang servers are needed together.
   * Sets: clevis sss: t
   * @default 1
   */
  readonly threshold?: pulumi.Input<number | undefined>;
}

export interface InstallerIsoSystemDiskUnlockTpm2Args {
  /**
   * Platform configuration registers (PCRs) of the bank SHA-256 that must have the value of the first start after the
   * installation: 0 is the firmware, 2 and 3 are the ROMs of devices, 7 is the state of Secure Boot. That start itself
   * is opened without a look at them. After a change, such as an update of the firmware on the host, the machine asks
   * as without a TPM.
   * Sets: clevis tpm2: pcr_ids
   */
  readonly pcrs: pulumi.Input<readonly pulumi.Input<number>[]>;
}

export interface InstallerIsoSystemDiskUnlockTangArgs {
  /**
   * URL of the server, by http: what clevis and Tang exchange is encrypted by themselves, and the initial RAM disk has
   * no certificates for https.
   * Sets: clevis tang: url
   */
  readonly url: pulumi.Input<string>;
  /**
   * Thumbprint (SHA-256) of the server's signing key, as `tang-show-keys` shows it there. No other server is trusted.
   * Sets: clevis tang: thp
   */
  readonly thumbprint: pulumi.Input<string>;
}

export interface InstallerIsoSystemHostKeysArgs {
  /**
   * OpenSSH private key. Always kept secret.
   * Sets: /etc/ssh/ssh_host_ed25519_key
   */
  readonly ed25519?: pulumi.Input<string | undefined>;
  /**
   * OpenSSH private key. Always kept secret.
   * Sets: /etc/ssh/ssh_host_rsa_key
   */
  readonly rsa?: pulumi.Input<string | undefined>;
  /**
   * OpenSSH private key. Always kept secret.
   * Sets: /etc/ssh/ssh_host_ecdsa_key
   */
  readonly ecdsa?: pulumi.Input<string | undefined>;
}

export interface InstallerIsoSystemScriptsArgs {
  /**
   * Run in the installer, before the disk is touched; one that fails makes the installation fail.
   * Sets: the installer's own hooks
   * @default []
   */
  readonly before?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * Run as root in the new system at the end of its installation; one that fails makes the installation fail.
   * Sets: the installer's own hooks
   * @default []
   */
  readonly after?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * Run as root when the new system has started for the first time and has a network.
   * Sets: a systemd unit
   * @default []
   */
  readonly firstBoot?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
}

export interface InstallerIsoSystemHandOverArgs {
  /**
   * A minion or master of Salt.
   * Sets: /etc/salt
   */
  readonly salt?: pulumi.Input<InstallerIsoSystemHandOverSaltArgs | undefined>;
  /**
   * Ansible logs in: {} installs Python, and the machine's `ansibleInventory` says how.
   * Sets: python3
   */
  readonly ansible?: pulumi.Input<InstallerIsoSystemHandOverAnsibleArgs | undefined>;
  /**
   * An agent of Puppet or OpenVox.
   * Sets: puppet.conf
   */
  readonly puppet?: pulumi.Input<InstallerIsoSystemHandOverPuppetArgs | undefined>;
  /**
   * A node of a Chef server.
   * Sets: /etc/chef
   */
  readonly chef?: pulumi.Input<InstallerIsoSystemHandOverChefArgs | undefined>;
  /**
   * User data for cloud-init, which carries it out at the first start.
   * Sets: NoCloud
   */
  readonly cloudInit?: pulumi.Input<InstallerIsoSystemHandOverCloudInitArgs | undefined>;
  /**
   * A script that runs as root when the system has started for the first time and has a network, after those of
   * `scripts.firstBoot`; at each further start, too, until it has succeeded. Always kept secret.
   * Sets: a systemd unit
   */
  readonly script?: pulumi.Input<string | undefined>;
  /**
   * Where the packages come from, if not from the distribution. They are installed at the end of the installation,
   * which needs a network then.
   * Sets: /etc/apt/sources.list.d, /etc/yum.repos.d, /etc/zypp/repos.d
   */
  readonly repository?: pulumi.Input<InstallerIsoSystemHandOverRepositoryArgs | undefined>;
}

export interface InstallerIsoSystemHandOverSaltArgs {
  /**
   * What the machine becomes.
   * Sets: salt-minion.service, salt-master.service
   * @default "minion"
   */
  readonly role?: pulumi.Input<"minion" | "master" | undefined>;
  /**
   * The minion's master. Default: Salt's own, the host `salt`.
   * Sets: master
   */
  readonly master?: pulumi.Input<string | readonly pulumi.Input<string>[] | undefined>;
  /**
   * The minion's id. Default: Salt's own choice, the host name.
   * Sets: /etc/salt/minion_id
   */
  readonly id?: pulumi.Input<string | undefined>;
  /**
   * Facts about the minion that states may use.
   * Sets: /etc/salt/grains
   * @default {}
   */
  readonly grains?: pulumi.Input<Readonly<Record<string, pulumi.Input<unknown>>> | undefined>;
  /**
   * Private RSA key of the minion, or of the master. With its public half among the master's accepted keys, the minion
   * is accepted at once. Always kept secret. Default: Salt makes one at its first start.
   * Sets: /etc/salt/pki/minion/minion.pem, /etc/salt/pki/master/master.pem
   */
  readonly key?: pulumi.Input<string | undefined>;
  /**
   * Public RSA key of the minion's master: the minion talks to no other.
   * Sets: /etc/salt/pki/minion/minion_master.pub
   */
  readonly masterKey?: pulumi.Input<string | undefined>;
  /**
   * Fingerprint of the master's public key.
   * Sets: master_finger
   */
  readonly masterFinger?: pulumi.Input<string | undefined>;
  /**
   * Public RSA keys of minions that the master accepts, by their ids.
   * Sets: /etc/salt/pki/master/minions
   * @default {}
   */
  readonly minions?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>> | undefined>;
  /**
   * Configuration files: a directory on the machine that runs Pulumi, or the texts of its files by their paths below
   * it. Only root and Salt can read them. Always kept secret.
   * Sets: /etc/salt
   */
  readonly config?: pulumi.Input<string | Readonly<Record<string, pulumi.Input<string>>> | undefined>;
  /**
   * State files: a directory on the machine that runs Pulumi, or the texts of its files by their paths below it. Only
   * root and Salt can read them. Always kept secret.
   * Sets: /srv/salt
   */
  readonly state?: pulumi.Input<string | Readonly<Record<string, pulumi.Input<string>>> | undefined>;
  /**
   * Package of Salt. Default: salt-minion or salt-master, by the role.
   * Sets: the installer's selection
   */
  readonly package?: pulumi.Input<string | undefined>;
}

export interface InstallerIsoSystemHandOverAnsibleArgs {
  /**
   * The account that Ansible logs in as: root, or one of `users`, with a key. Default: root if it has a key, else the
   * first user with one.
   * Sets: the machine's ansibleInventory
   */
  readonly user?: pulumi.Input<string | undefined>;
}

export interface InstallerIsoSystemHandOverPuppetArgs {
  /**
   * The server. Default: Puppet's own, the host `puppet`.
   * Sets: server
   */
  readonly server?: pulumi.Input<string | undefined>;
  /**
   * The name in the agent's certificate. Default: Puppet's own choice, the host name.
   * Sets: certname
   */
  readonly certname?: pulumi.Input<string | undefined>;
  /**
   * The environment of the agent. Default: the server's choice.
   * Sets: environment
   */
  readonly environment?: pulumi.Input<string | undefined>;
  /**
   * Private RSA key of the agent. It needs `certname`. Always kept secret. Default: the agent makes one at its first
   * start.
   * Sets: hostprivkey
   */
  readonly key?: pulumi.Input<string | undefined>;
  /**
   * Certificate of `key`, signed by the server: no request needs to be signed.
   * Sets: hostcert
   */
  readonly certificate?: pulumi.Input<string | undefined>;
  /**
   * Certificates of the server's CA: the agent trusts no other. Default: those that the server gives.
   * Sets: localcacert
   */
  readonly ca?: pulumi.Input<string | undefined>;
  /**
   * Package of the agent, such as openvox-agent. Default: puppet-agent; puppet from the distributions with dnf or
   * zypper.
   * Sets: the installer's selection
   */
  readonly package?: pulumi.Input<string | undefined>;
}

export interface InstallerIsoSystemHandOverChefArgs {
  /**
   * URL of the server, with its organization.
   * Sets: chef_server_url
   */
  readonly server: pulumi.Input<string>;
  /**
   * Name of the node. Default: the host name.
   * Sets: node_name
   */
  readonly nodeName?: pulumi.Input<string | undefined>;
  /**
   * Environment of the node.
   * Sets: environment
   */
  readonly environment?: pulumi.Input<string | undefined>;
  /**
   * Run list of the first run.
   * Sets: run_list
   * @default []
   */
  readonly runList?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * The client that registers the node.
   * Sets: validation_client_name
   * @default "chef-validator"
   */
  readonly validationClient?: pulumi.Input<string | undefined>;
  /**
   * Private key of this client. It is removed from the machine when the first run has succeeded. Always kept secret.
   * Sets: /etc/chef/validation.pem
   */
  readonly validationKey: pulumi.Input<string>;
  /**
   * Whether you accept Chef's license, without which Chef does not start; Cinc needs no acceptance.
   * Sets: chef_license
   * @default false
   */
  readonly acceptLicense?: pulumi.Input<boolean | undefined>;
  /**
   * Package of the client: chef, or cinc.
   * Sets: the installer's selection
   * @default "chef"
   */
  readonly package?: pulumi.Input<string | undefined>;
}

export interface InstallerIsoSystemHandOverCloudInitArgs {
  /**
   * User data, in any format of cloud-init. It has priority over what `system` says. Always kept secret.
   * Sets: /var/lib/cloud/seed/nocloud/user-data
   */
  readonly userData: pulumi.Input<string>;
}

export interface InstallerIsoSystemHandOverRepositoryArgs {
  /**
   * URL of the repository; for dnf and zypper, the directory that has `repodata`.
   * Sets: URIs, baseurl
   */
  readonly url: pulumi.Input<string>;
  /**
   * The public OpenPGP key of the repository's signature.
   * Sets: Signed-By, gpgkey
   */
  readonly key: pulumi.Input<string>;
  /**
   * The suite, for apt alone, which needs it.
   * Sets: Suites
   */
  readonly suite?: pulumi.Input<string | undefined>;
  /**
   * The components, for apt alone. Default: main.
   * Sets: Components
   */
  readonly components?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
}

export interface InstallerIsoSystemForwardingArgs {
  /**
   * Whether IPv4 packets are passed on between interfaces.
   * Sets: net.ipv4.ip_forward
   * @default false
   */
  readonly ipv4?: pulumi.Input<boolean | undefined>;
  /**
   * Whether IPv6 packets are passed on.
   * Sets: net.ipv6.conf.all.forwarding
   * @default false
   */
  readonly ipv6?: pulumi.Input<boolean | undefined>;
}

export interface InstallerIsoDebianArgs {
  /**
   * The suite of the archive. Default: the ISO's own.
   * Sets: mirror/suite
   */
  readonly suite?: pulumi.Input<string | undefined>;
  /**
   * Further repositories on Debian's own servers. Default: security and updates, but none with a `mirror`: whoever
   * gives one may have nothing else in reach, and the installer would wait.
   * Sets: apt-setup/services-select
   */
  readonly repositories?: pulumi.Input<readonly pulumi.Input<"security" | "updates" | "backports">[] | undefined>;
  /**
   * Partitions within the layout: all in one (atomic), a separate /home (home), separate /home, /var and /tmp (multi),
   * or the text of an expert recipe, which the layout custom needs.
   * Sets: partman-auto/choose_recipe, partman-auto/expert_recipe
   * @default "atomic"
   */
  readonly recipe?: pulumi.Input<string | undefined>;
  /**
   * The kernel's package. Default: the installer's own choice.
   * Sets: base-installer/kernel/image
   */
  readonly kernelPackage?: pulumi.Input<string | undefined>;
  /**
   * Whether recommended packages are installed too.
   * Sets: base-installer/install-recommends
   * @default true
   */
  readonly recommends?: pulumi.Input<boolean | undefined>;
  /**
   * Drivers in the initial RAM disk: most of them, or only those that this machine needs (dep: smaller and faster).
   * Sets: base-installer/initramfs-tools/driver-policy
   * @default "most"
   */
  readonly initramfs?: pulumi.Input<"most" | "dep" | undefined>;
  /**
   * Shell scripts that run in the installer at the end, with the new system at /target; one that fails makes the
   * installation fail. Always kept secret.
   * Sets: finish-install.d
   * @default []
   */
  readonly lateCommands?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
}

export interface InstallerIsoUbuntuArgs {
  /**
   * What of the ISO is installed, such as ubuntu-server-minimal; its casper/install-sources.yaml lists them. Default:
   * the ISO's own choice.
   * Sets: source: id
   */
  readonly edition?: pulumi.Input<string | undefined>;
  /**
   * The updates that are installed right away, where an archive is in reach.
   * Sets: updates
   * @default "security"
   */
  readonly updates?: pulumi.Input<"security" | "all" | undefined>;
  /**
   * Snaps to install.
   * Sets: snaps
   * @default []
   */
  readonly snaps?: pulumi.Input<readonly pulumi.Input<InstallerIsoUbuntuSnapArgs>[] | undefined>;
  /**
   * The storage section of autoinstall, for the layout custom. Always kept secret.
   * Sets: storage
   */
  readonly storage?: pulumi.Input<Readonly<Record<string, pulumi.Input<unknown>>> | undefined>;
  /**
   * What cloud-init does at the first start, in addition to what follows from `system`. Always kept secret.
   * Sets: user-data
   * @default {}
   */
  readonly userData?: pulumi.Input<Readonly<Record<string, pulumi.Input<unknown>>> | undefined>;
}

export interface InstallerIsoUbuntuSnapArgs {
  /**
   * Name of the snap.
   * Sets: snaps: name
   */
  readonly name: pulumi.Input<string>;
  /**
   * The channel to follow.
   * Sets: snaps: channel
   * @default "stable"
   */
  readonly channel?: pulumi.Input<string | undefined>;
  /**
   * Whether the snap runs without confinement.
   * Sets: snaps: classic
   * @default false
   */
  readonly classic?: pulumi.Input<boolean | undefined>;
}

export interface InstallerIsoRedhatArgs {
  /**
   * Packages from the ISO itself (cdrom). Default: the ISO's where it has packages, else the distribution's nearest
   * mirror, which boot ISOs of EL 8 and 9 and of RHEL don't know; system.mirror goes before both.
   * Sets: cdrom
   */
  readonly source?: pulumi.Input<"cdrom" | undefined>;
  /**
   * Further repositories to install from.
   * Sets: repo
   * @default []
   */
  readonly repositories?: pulumi.Input<readonly pulumi.Input<InstallerIsoRedhatRepositorieArgs>[] | undefined>;
  /**
   * The environment group to install. Default: the group core alone.
   * Sets: %packages @^
   */
  readonly environment?: pulumi.Input<string | undefined>;
  /**
   * Packages that groups would bring, and that are left out.
   * Sets: %packages -
   * @default []
   */
  readonly excludedPackages?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * Whether what packages only recommend is installed too; false is nothing for EL 8.
   * Sets: %packages --excludeWeakdeps
   * @default true
   */
  readonly weakDependencies?: pulumi.Input<boolean | undefined>;
  /**
   * SELinux in the new system.
   * Sets: selinux
   * @default "enforcing"
   */
  readonly selinux?: pulumi.Input<"enforcing" | "permissive" | "disabled" | undefined>;
  /**
   * The firewall of the new system.
   * Sets: firewall
   * @default {}
   */
  readonly firewall?: pulumi.Input<InstallerIsoRedhatFirewallArgs | undefined>;
  /**
   * Services that start with the new system.
   * Sets: services --enabled
   * @default []
   */
  readonly enabledServices?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * Services that don't start with the new system.
   * Sets: services --disabled
   * @default []
   */
  readonly disabledServices?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * Kickstart commands that partition the disks, for the layout custom; they say themselves what is erased. Always
   * kept secret.
   * Sets: part, raid, volgroup, logvol
   * @default []
   */
  readonly partitioning?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
}

export interface InstallerIsoRedhatRepositorieArgs {
  /**
   * Name of the repository.
   * Sets: repo --name
   */
  readonly name: pulumi.Input<string>;
  /**
   * Where it lies.
   * Sets: repo --baseurl
   */
  readonly url?: pulumi.Input<string | undefined>;
  /**
   * Where the list of its mirrors lies, in the place of `url`.
   * Sets: repo --mirrorlist
   */
  readonly mirrorList?: pulumi.Input<string | undefined>;
  /**
   * Where its metalink lies, in the place of `url`.
   * Sets: repo --metalink
   */
  readonly metalink?: pulumi.Input<string | undefined>;
}

export interface InstallerIsoRedhatFirewallArgs {
  /**
   * Whether there is one.
   * Sets: firewall --enabled, firewall --disabled
   * @default true
   */
  readonly enabled?: pulumi.Input<boolean | undefined>;
  /**
   * Services that are let in, by firewalld's names.
   * Sets: firewall --service
   * @default ["ssh"]
   */
  readonly services?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * Further ports that are let in, such as 8080:tcp.
   * Sets: firewall --port
   * @default []
   */
  readonly ports?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
}

export interface InstallerIsoSuseArgs {
  /**
   * The product to install, where the ISO has several, as those of SLE 15 have. Default: the ISO's only one.
   * Sets: software/products
   */
  readonly product?: pulumi.Input<string | undefined>;
  /**
   * Modules of SLE, from SUSE's servers with a `registration`, else from the ISO; what others depend on comes first.
   * Default: sle-module-basesystem where `product` starts with SLE, else none.
   * Sets: suse_register/addons, add-on/product_dir
   */
  readonly modules?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * Registers the system with SUSE, whose servers then give the packages. Always kept secret.
   * Sets: suse_register
   */
  readonly registration?: pulumi.Input<InstallerIsoSuseRegistrationArgs | undefined>;
  /**
   * Further repositories to install from.
   * Sets: add-on/add_on_products
   * @default []
   */
  readonly repositories?: pulumi.Input<readonly pulumi.Input<InstallerIsoSuseRepositorieArgs>[] | undefined>;
  /**
   * Packages that patterns would bring, and that are left out.
   * Sets: software/remove-packages
   * @default []
   */
  readonly excludedPackages?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * Whether recommended packages are installed too.
   * Sets: software/install_recommended
   * @default true
   */
  readonly recommends?: pulumi.Input<boolean | undefined>;
  /**
   * Whether there is a firewall, which lets SSH in.
   * Sets: firewall/enable_firewall
   * @default true
   */
  readonly firewall?: pulumi.Input<boolean | undefined>;
  /**
   * Services that start with the new system.
   * Sets: services-manager/services/enable
   * @default ["sshd"]
   */
  readonly enabledServices?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
}

export interface InstallerIsoSuseRegistrationArgs {
  /**
   * Registration code of the product. Always kept secret.
   * Sets: suse_register/reg_code
   */
  readonly code: pulumi.Input<string>;
  /**
   * E-mail address that it is registered with.
   * Sets: suse_register/email
   */
  readonly email?: pulumi.Input<string | undefined>;
}

export interface InstallerIsoSuseRepositorieArgs {
  /**
   * Where the repository lies.
   * Sets: add-on/media_url
   */
  readonly url: pulumi.Input<string>;
  /**
   * Directory of the product below the URL.
   * Sets: add-on/product_dir
   * @default "/"
   */
  readonly folder?: pulumi.Input<string | undefined>;
}

export interface InstallerIsoAgamaArgs {
  /**
   * The product to install, which Agama has no default for: Leap_16.0, openSUSE_Leap (from 16.1 on), SLES, SLES_SAP,
   * Tumbleweed.
   * Sets: product/id
   */
  readonly product?: pulumi.Input<string | undefined>;
  /**
   * Registers the system with SUSE, whose servers then give the packages. Always kept secret.
   * Sets: product/registrationCode
   */
  readonly registration?: pulumi.Input<InstallerIsoAgamaRegistrationArgs | undefined>;
  /**
   * Further repositories to install from.
   * Sets: software/extraRepositories
   * @default []
   */
  readonly repositories?: pulumi.Input<readonly pulumi.Input<InstallerIsoAgamaRepositorieArgs>[] | undefined>;
  /**
   * Whether recommended packages are installed too.
   * Sets: software/onlyRequired
   * @default true
   */
  readonly recommends?: pulumi.Input<boolean | undefined>;
  /**
   * Agama's own description of disks and file systems, for the layout custom; it says itself what is erased. Always
   * kept secret.
   * Sets: storage
   */
  readonly storage?: pulumi.Input<Readonly<Record<string, pulumi.Input<unknown>>> | undefined>;
}

export interface InstallerIsoAgamaRegistrationArgs {
  /**
   * Registration code of the product. Always kept secret.
   * Sets: product/registrationCode
   */
  readonly code: pulumi.Input<string>;
  /**
   * E-mail address that it is registered with.
   * Sets: product/registrationEmail
   */
  readonly email?: pulumi.Input<string | undefined>;
}

export interface InstallerIsoAgamaRepositorieArgs {
  /**
   * Name of the repository.
   * Sets: extraRepositories/alias
   */
  readonly alias: pulumi.Input<string>;
  /**
   * Where it lies.
   * Sets: extraRepositories/url
   */
  readonly url: pulumi.Input<string>;
  /**
   * Fingerprints of the keys that its signature may have, in addition to those that the installer trusts.
   * Sets: extraRepositories/gpgFingerprints
   */
  readonly gpgFingerprints?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * Whether it need not be signed. Default: false.
   * Sets: extraRepositories/allowUnsigned
   */
  readonly allowUnsigned?: pulumi.Input<boolean | undefined>;
}

export interface MachineArgs {
  /**
   * libvirt connection URI of the KVM host. Default: kvm:connection of the stack's configuration, else the
   * environment's KVM_DEPLOY_CONNECTION, else qemu:///system.
   * Sets: virsh --connect
   */
  readonly connection?: pulumi.Input<string | undefined>;
  /**
   * Name of the libvirt domain. Default: the resource's name. A machine is renamed while it is off. A rename of a
   * running one is an error at preview, unless `allowRestart` is true.
   * Sets: name
   */
  readonly name?: pulumi.Input<string | undefined>;
  /**
   * Short title, one line. Default: none.
   * Sets: title
   */
  readonly title?: pulumi.Input<string | undefined>;
  /**
   * Description of the machine. Default: none.
   * Sets: description
   */
  readonly description?: pulumi.Input<string | undefined>;
  /**
   * Your own labels, kept in libvirt's metadata.
   * Sets: metadata/kvm-deploy:tags
   * @default []
   */
  readonly tags?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * Main memory.
   * Sets: currentMemory
   * @example "20GiB"
   */
  readonly memory: pulumi.Input<Size>;
  /**
   * Maximum of the memory while the machine runs, by its balloon driver. Default: that of `memory`.
   * Sets: memory
   * @example "20GiB"
   */
  readonly maxMemory?: pulumi.Input<Size | undefined>;
  /**
   * The memory's pages on the host. Default: ordinary pages.
   * Sets: memoryBacking
   */
  readonly memoryBacking?: pulumi.Input<MachineMemoryBackingArgs | undefined>;
  /**
   * Number of virtual CPUs.
   * Sets: vcpu/@current, vcpu
   * @default 1
   */
  readonly vcpus?: pulumi.Input<number | undefined>;
  /**
   * Maximum of the number of virtual CPUs while the machine runs. Default: that of `vcpus`.
   * Sets: vcpu
   */
  readonly maxVcpus?: pulumi.Input<number | undefined>;
  /**
   * Model, features and topology of the virtual CPUs. Default: like the host's with kvm, the hypervisor's choice with
   * emulation.
   * Sets: cpu
   */
  readonly cpu?: pulumi.Input<MachineCpuArgs | undefined>;
  /**
   * NUMA nodes. Default: one.
   * Sets: cpu/numa, numatune
   */
  readonly numa?: pulumi.Input<MachineNumaArgs | undefined>;
  /**
   * Firmware of the machine. An installed system boots only with the firmware of its installation, so a change waits
   * for the next installation (see `reinstall`). Without an `installer`, a change is in force at the next restart.
   * Sets: os/@firmware
   * @default "bios"
   */
  readonly firmware?: pulumi.Input<"bios" | "uefi" | undefined>;
  /**
   * Whether UEFI boots signed systems only. The keys are those of the distributions' signatures. A change waits as one
   * of `firmware` does.
   * Sets: os/firmware/feature
   * @default false
   */
  readonly secureBoot?: pulumi.Input<boolean | undefined>;
  /**
   * A TPM 2.0. Default: none.
   * Sets: tpm
   */
  readonly tpm?: pulumi.Input<MachineTpmArgs | undefined>;
  /**
   * The machine's clock.
   * Sets: clock
   * @default {"offset":"utc","timers":[]}
   */
  readonly clock?: pulumi.Input<MachineClockArgs | undefined>;
  /**
   * A watchdog that the guest must feed. Default: none.
   * Sets: watchdog
   */
  readonly watchdog?: pulumi.Input<MachineWatchdogArgs | undefined>;
  /**
   * Device of the host that the guest gets randomness from, or none.
   * Sets: rng/backend
   * @default "/dev/urandom"
   */
  readonly rng?: pulumi.Input<"none" | string | undefined>;
  /**
   * Disks. The machine boots from the first one that can be booted.
   * Sets: devices/disk
   * @default []
   */
  readonly disks?: pulumi.Input<readonly pulumi.Input<MachineDiskArgs>[] | undefined>;
  /**
   * CD-ROM drives, in addition to that of an installation.
   * Sets: devices/disk[@device='cdrom']
   * @default []
   */
  readonly cdroms?: pulumi.Input<readonly pulumi.Input<MachineCdromArgs>[] | undefined>;
  /**
   * Network interfaces.
   * Sets: devices/interface
   * @default []
   */
  readonly nics?: pulumi.Input<readonly pulumi.Input<MachineNicArgs>[] | undefined>;
  /**
   * A screen that is served over the network. Default: none.
   * Sets: devices/graphics
   */
  readonly graphics?: pulumi.Input<MachineGraphicsArgs | undefined>;
  /**
   * Graphics card. Default: virtio where there are graphics, else none.
   * Sets: devices/video/model/@type
   */
  readonly video?: pulumi.Input<"virtio" | "qxl" | "vga" | "bochs" | "cirrus" | undefined>;
  /**
   * Sound card. Default: none.
   * Sets: devices/sound/@model
   */
  readonly sound?: pulumi.Input<"ich9" | "ich6" | "ac97" | "usb" | undefined>;
  /**
   * Further consoles for `virsh console --devname`; the first serial port is one anyway. Serial ones are the guest's
   * third serial port and on.
   * Sets: devices/serial, devices/console
   * @default []
   */
  readonly consoles?: pulumi.Input<readonly pulumi.Input<"serial" | "virtio">[] | undefined>;
  /**
   * Whether there is a channel to QEMU's guest agent.
   * Sets: devices/channel
   * @default true
   */
  readonly guestAgent?: pulumi.Input<boolean | undefined>;
  /**
   * Directories of the host that the guest can mount.
   * Sets: devices/filesystem
   * @default []
   */
  readonly filesystems?: pulumi.Input<readonly pulumi.Input<MachineFilesystemArgs>[] | undefined>;
  /**
   * Devices of the host that the guest has for itself.
   * Sets: devices/hostdev
   * @default []
   */
  readonly hostDevices?: pulumi.Input<readonly pulumi.Input<MachineHostDeviceArgs>[] | undefined>;
  /**
   * PCIe root ports. A disk, NIC or other virtio device takes one each. A running machine needs a free one for a new
   * device.
   * Sets: devices/controller[@model='pcie-root-port']
   * @default 10
   */
  readonly pciePorts?: pulumi.Input<number | undefined>;
  /**
   * Elements of libvirt's XML for settings without an own property. They are merged into the definition by their
   * place.
   * Sets: domain
   */
  readonly xml?: pulumi.Input<MachineXmlArgs | undefined>;
  /**
   * Id of an InstallerIso from which the new machine is installed. The disks to install on must be empty (see
   * `overwrite`). A change waits for the next installation (see `reinstall`). Default: none; the machine boots from
   * the first disk as it is.
   * Sets: devices/disk[@device='cdrom']
   */
  readonly installer?: pulumi.Input<string | undefined>;
  /**
   * Any text, such as a date. Another text installs the existing machine again: it is shut down, and its `installer`
   * erases the disks that it installs on; the preview names them. All other disks stay, and so do its UUID, MAC
   * addresses, addresses and host keys. The variables of its firmware and its TPM start empty. Without the text, or
   * with the same one, the machine stays as it is. A new machine ignores it. Default: none.
   */
  readonly reinstall?: pulumi.Input<string | undefined>;
  /**
   * Whether an installation may erase disks with content, such as the disk of a replaced machine. Otherwise such a
   * disk is an error at preview, and nothing is changed. `reinstall` may always erase disks that the machine had
   * before.
   * @default false
   */
  readonly overwrite?: pulumi.Input<boolean | undefined>;
  /**
   * What `pulumi up` waits for: `ssh` for the SSH server after the start, with a check of its host key if that is
   * known; `installed` for the end of an installation; `nothing` returns as soon as the installer runs. Then the guest
   * is off after its installation, until the next `pulumi up` or `pulumi refresh` (also its preview) completes it:
   * ejects the medium, deletes the ISO and starts the machine.
   * @default "installed"
   */
  readonly wait?: pulumi.Input<"nothing" | "installed" | "ssh" | undefined>;
  /**
   * Maximum of the installations that run on the host at the same time, this one included, those of other programs,
   * too. Further machines wait for their turn; one that waits for the same installers longer than its `installTimeout`
   * is an error. Default: `kvm:maxInstallations` of the stack's configuration, else one for each of the host's
   * processors and at most one for each 2 GiB of its memory.
   */
  readonly maxInstallations?: pulumi.Input<number | undefined>;
  /**
   * Time limit of an installation. A longer one is an error.
   * @example "10m"
   * @default "1h"
   */
  readonly installTimeout?: pulumi.Input<string | undefined>;
  /**
   * Time limit for an installation without progress: no line in its log, no write to a disk, no traffic to the
   * network. Then, and a minute after its console shows a question, an error says what the console shows.
   * @example "10m"
   * @default "10m"
   */
  readonly stallTimeout?: pulumi.Input<string | undefined>;
  /**
   * Time limit for the SSH server's answer. A longer wait is an error.
   * @example "10m"
   * @default "10m"
   */
  readonly sshTimeout?: pulumi.Input<string | undefined>;
  /**
   * Whether it runs: `true` starts it, `false` shuts it down, and a refresh shows a difference. `leave` starts a new
   * machine, and later leaves it as it is.
   * @default true
   */
  readonly running?: pulumi.Input<boolean | "leave" | undefined>;
  /**
   * Whether the machine may be restarted for changes that need a restart. Otherwise they are written to the
   * definition, and wait for its next restart.
   * @default false
   */
  readonly allowRestart?: pulumi.Input<boolean | undefined>;
  /**
   * Time limit for the guest to power off after the request. A machine to be deleted is then powered off.
   * @example "10m"
   * @default "1m"
   */
  readonly shutdownTimeout?: pulumi.Input<string | undefined>;
  /**
   * Whether a guest that doesn't power off in time is powered off at once, as by a power failure, also for a restart
   * or when `running` becomes false. Otherwise that is an error, and it continues to run.
   * @default false
   */
  readonly forceOff?: pulumi.Input<boolean | undefined>;
  /**
   * File on the host for the output of the first serial port, the one of `virsh console`. Default: NAME.log in
   * kvm-deploy's own directory.
   * Sets: devices/serial/log/@file
   */
  readonly consoleLog?: pulumi.Input<string | undefined>;
  /**
   * Hardware virtualisation (kvm) or emulation (qemu). Default: kvm if the host's CPU has it, else qemu.
   * Sets: domain/@type
   */
  readonly domainType?: pulumi.Input<"kvm" | "qemu" | undefined>;
  /**
   * Whether it starts with the host.
   * Sets: autostart
   * @default true
   */
  readonly autostart?: pulumi.Input<boolean | undefined>;
  /**
   * Whether to take over an existing one of this name as it is: `true` if kvm-deploy did not create it, or the URN of
   * the resource that owns it now. The next preview then shows the differences.
   * Sets: metadata/kvm-deploy:mark
   * @default false
   */
  readonly adopt?: pulumi.Input<boolean | string | undefined>;
  /**
   * Whether a destroy also deletes it if it was taken over by `adopt`. Default: false; it stays on the host as it is,
   * and only kvm-deploy's mark is removed.
   */
  readonly deleteAdopted?: pulumi.Input<boolean | undefined>;
}

export interface MachineMemoryBackingArgs {
  /**
   * Size of the huge pages of the memory, such as `2MiB`; the host must have them.
   * Sets: memoryBacking/hugepages/page/@size
   * @example "20GiB"
   */
  readonly hugepages?: pulumi.Input<Size | undefined>;
  /**
   * Whether other processes of the host can share the memory; virtiofs needs it.
   * Sets: memoryBacking/access/@mode, memoryBacking/source/@type
   * @default false
   */
  readonly shared?: pulumi.Input<boolean | undefined>;
  /**
   * Whether the memory is never swapped out.
   * Sets: memoryBacking/locked
   * @default false
   */
  readonly locked?: pulumi.Input<boolean | undefined>;
}

export interface MachineCpuArgs {
  /**
   * The guest's CPU: one like the host's, the host's own, everything that the hypervisor supports, or the `model`.
   * Default: host-model with kvm; with emulation the hypervisor's own choice.
   * Sets: cpu/@mode
   */
  readonly mode?: pulumi.Input<"host-model" | "host-passthrough" | "maximum" | "custom" | undefined>;
  /**
   * Model with mode custom, such as `Skylake-Server`.
   * Sets: cpu/model
   */
  readonly model?: pulumi.Input<string | undefined>;
  /**
   * Arrangement of the virtual CPUs in sockets, dies, cores and threads. Default: each in its own socket.
   * Sets: cpu/topology
   */
  readonly topology?: pulumi.Input<MachineCpuTopologyArgs | undefined>;
  /**
   * Single features, on or off.
   * Sets: cpu/feature
   * @default []
   */
  readonly features?: pulumi.Input<readonly pulumi.Input<MachineCpuFeatureArgs>[] | undefined>;
}

export interface MachineCpuTopologyArgs {
  /**
   * Sockets of the board.
   * Sets: cpu/topology/@sockets
   * @default 1
   */
  readonly sockets?: pulumi.Input<number | undefined>;
  /**
   * Dies of each socket.
   * Sets: cpu/topology/@dies
   * @default 1
   */
  readonly dies?: pulumi.Input<number | undefined>;
  /**
   * Cores of each die.
   * Sets: cpu/topology/@cores
   * @default 1
   */
  readonly cores?: pulumi.Input<number | undefined>;
  /**
   * Threads of each core.
   * Sets: cpu/topology/@threads
   * @default 1
   */
  readonly threads?: pulumi.Input<number | undefined>;
}

export interface MachineCpuFeatureArgs {
  /**
   * Name of the feature, as libvirt writes it.
   * Sets: cpu/feature/@name
   */
  readonly name: pulumi.Input<string>;
  /**
   * Whether the guest has it: always, if the host has it, or never.
   * Sets: cpu/feature/@policy
   * @default "require"
   */
  readonly policy?: pulumi.Input<"force" | "require" | "optional" | "disable" | "forbid" | undefined>;
}

export interface MachineNumaArgs {
  /**
   * The guest's NUMA nodes; together they have all its virtual CPUs and memory.
   * Sets: cpu/numa/cell
   * @default []
   */
  readonly cells?: pulumi.Input<readonly pulumi.Input<MachineNumaCellArgs>[] | undefined>;
  /**
   * NUMA nodes of the host for the memory, such as `0`. Default: the host decides.
   * Sets: numatune/memory/@nodeset
   */
  readonly hostNodes?: pulumi.Input<string | undefined>;
  /**
   * How strictly the memory is taken from `hostNodes`. Default: strict.
   * Sets: numatune/memory/@mode
   */
  readonly mode?: pulumi.Input<"strict" | "preferred" | "interleave" | undefined>;
}

export interface MachineNumaCellArgs {
  /**
   * Virtual CPUs of the node, such as `0-3,6`.
   * Sets: cpu/numa/cell/@cpus
   */
  readonly cpus: pulumi.Input<string>;
  /**
   * Memory of the node.
   * Sets: cpu/numa/cell/@memory
   * @example "20GiB"
   */
  readonly memory: pulumi.Input<Size>;
}

export interface MachineTpmArgs {
  /**
   * Model of the device for the guest. It is a TPM 2.0, emulated by swtpm; its content is deleted with the machine.
   * Sets: tpm/@model
   * @default "tpm-crb"
   */
  readonly model?: pulumi.Input<"tpm-crb" | "tpm-tis" | undefined>;
}

export interface MachineClockArgs {
  /**
   * What the machine's clock shows at its start; localtime is the host's local time, as Windows expects it.
   * Sets: clock/@offset
   * @default "utc"
   */
  readonly offset?: pulumi.Input<"utc" | "localtime" | "timezone" | undefined>;
  /**
   * Time zone with offset timezone, such as `Europe/Berlin`.
   * Sets: clock/@timezone
   */
  readonly timezone?: pulumi.Input<string | undefined>;
  /**
   * Single timers.
   * Sets: clock/timer
   * @default []
   */
  readonly timers?: pulumi.Input<readonly pulumi.Input<MachineClockTimerArgs>[] | undefined>;
}

export interface MachineClockTimerArgs {
  /**
   * Which timer.
   * Sets: clock/timer/@name
   */
  readonly name: pulumi.Input<"platform" | "pit" | "rtc" | "hpet" | "tsc" | "kvmclock" | "hypervclock">;
  /**
   * Whether the guest has it. Default: the hypervisor's own choice.
   * Sets: clock/timer/@present
   */
  readonly present?: pulumi.Input<boolean | undefined>;
  /**
   * What happens with missed ticks. Default: the hypervisor's own choice.
   * Sets: clock/timer/@tickpolicy
   */
  readonly tickPolicy?: pulumi.Input<"delay" | "catchup" | "merge" | "discard" | undefined>;
}

export interface MachineWatchdogArgs {
  /**
   * Model of the device for the guest.
   * Sets: watchdog/@model
   * @default "i6300esb"
   */
  readonly model?: pulumi.Input<"i6300esb" | undefined>;
  /**
   * What happens when the guest no longer answers.
   * Sets: watchdog/@action
   * @default "reset"
   */
  readonly action?: pulumi.Input<"reset" | "shutdown" | "poweroff" | "pause" | "dump" | "inject-nmi" | "none" | undefined>;
}

export interface MachineDiskArgs {
  /**
   * Id of a Volume, or `POOL/VOLUME` of an existing volume.
   * Sets: disk/source/@file
   * @example "default/web-1"
   */
  readonly volume?: pulumi.Input<string | undefined>;
  /**
   * Image or block device on the host, if it is in no storage pool.
   * Sets: disk/source/@file
   */
  readonly file?: pulumi.Input<string | undefined>;
  /**
   * Image format of `file`, or of a `volume` that kvm-deploy did not create. Default: raw; that of a Volume is known.
   * The content proves nothing, because a guest may have written it.
   * Sets: disk/driver/@type
   */
  readonly format?: pulumi.Input<"raw" | "qcow2" | undefined>;
  /**
   * Bus of the disk for the guest.
   * Sets: disk/target/@bus
   * @default "virtio"
   */
  readonly bus?: pulumi.Input<"virtio" | "sata" | "scsi" | "usb" | undefined>;
  /**
   * Caching by the host. Default: the hypervisor's own choice; `unsafe` is fast, but loses data if the host fails.
   * Sets: disk/driver/@cache
   */
  readonly cache?: pulumi.Input<"none" | "writethrough" | "writeback" | "directsync" | "unsafe" | undefined>;
  /**
   * How the host reads and writes; native needs the cache none or directsync. Default: the hypervisor's own choice.
   * Sets: disk/driver/@io
   */
  readonly io?: pulumi.Input<"threads" | "native" | "io_uring" | undefined>;
  /**
   * Whether space that the guest frees is freed in the image.
   * Sets: disk/driver/@discard
   * @default "unmap"
   */
  readonly discard?: pulumi.Input<"unmap" | "ignore" | undefined>;
  /**
   * Whether zeros written by the guest take no space. Default: off.
   * Sets: disk/driver/@detect_zeroes
   */
  readonly detectZeroes?: pulumi.Input<"off" | "on" | "unmap" | undefined>;
  /**
   * Serial number of the disk for the guest. Default: none.
   * Sets: disk/serial
   */
  readonly serial?: pulumi.Input<string | undefined>;
  /**
   * Whether the guest can't write to it.
   * Sets: disk/readonly
   * @default false
   */
  readonly readOnly?: pulumi.Input<boolean | undefined>;
  /**
   * Place in the boot order, from 1. Default: none; if no device has one, the machine boots from the first disk that
   * can be booted, in the order of `disks`.
   * Sets: boot/@order
   */
  readonly bootOrder?: pulumi.Input<number | undefined>;
  /**
   * Limits of its use. Default: none.
   * Sets: disk/iotune
   */
  readonly iotune?: pulumi.Input<MachineDiskIotuneArgs | undefined>;
}

export interface MachineDiskIotuneArgs {
  /**
   * Most bytes read and written per second. Default: no limit.
   * Sets: disk/iotune/total_bytes_sec
   */
  readonly totalBytes?: pulumi.Input<number | undefined>;
  /**
   * Most bytes read per second. Default: no limit.
   * Sets: disk/iotune/read_bytes_sec
   */
  readonly readBytes?: pulumi.Input<number | undefined>;
  /**
   * Most bytes written per second. Default: no limit.
   * Sets: disk/iotune/write_bytes_sec
   */
  readonly writeBytes?: pulumi.Input<number | undefined>;
  /**
   * Most requests per second. Default: no limit.
   * Sets: disk/iotune/total_iops_sec
   */
  readonly totalRequests?: pulumi.Input<number | undefined>;
  /**
   * Most read requests per second. Default: no limit.
   * Sets: disk/iotune/read_iops_sec
   */
  readonly readRequests?: pulumi.Input<number | undefined>;
  /**
   * Most write requests per second. Default: no limit.
   * Sets: disk/iotune/write_iops_sec
   */
  readonly writeRequests?: pulumi.Input<number | undefined>;
}

export interface MachineCdromArgs {
  /**
   * ISO on the host as the medium of the drive. Default: none.
   * Sets: disk/source/@file
   */
  readonly medium?: pulumi.Input<string | undefined>;
  /**
   * Bus of the drive for the guest.
   * Sets: disk/target/@bus
   * @default "sata"
   */
  readonly bus?: pulumi.Input<"sata" | "scsi" | undefined>;
  /**
   * Place in the boot order, from 1. Default: none; if no device has one, the machine boots from the first disk that
   * can be booted, in the order of `disks`.
   * Sets: boot/@order
   */
  readonly bootOrder?: pulumi.Input<number | undefined>;
}

export interface MachineNicArgs {
  /**
   * Name of its libvirt network.
   * Sets: interface/source/@network
   */
  readonly network?: pulumi.Input<string | undefined>;
  /**
   * Port group of the network. Default: its default one.
   * Sets: interface/source/@portgroup
   */
  readonly portgroup?: pulumi.Input<string | undefined>;
  /**
   * Bridge of the host, instead of a network.
   * Sets: interface/source/@bridge
   * @example "br0"
   */
  readonly bridge?: pulumi.Input<string | undefined>;
  /**
   * Device of the host that it shares (macvtap), instead of a network.
   * Sets: interface/source/@dev
   * @example "br0"
   */
  readonly device?: pulumi.Input<string | undefined>;
  /**
   * How `device` is shared. Default: bridge; guests on it reach each other, but not the host.
   * Sets: interface/source/@mode
   */
  readonly mode?: pulumi.Input<"bridge" | "vepa" | "private" | "passthrough" | undefined>;
  /**
   * Fixed IPv4 address: reserved by DHCP if the network has DHCP, and used to reach the machine. Default: the address
   * given by DHCP.
   * Sets: network ip/dhcp/host
   * @example "172.16.1.10"
   */
  readonly address?: pulumi.Input<string | undefined>;
  /**
   * MAC address. Default: one derived from the machine and the network, the same after every replacement.
   * Sets: interface/mac/@address
   * @example "52:54:00:12:34:56"
   */
  readonly mac?: pulumi.Input<string | undefined>;
  /**
   * Model of the device for the guest.
   * Sets: interface/model/@type
   * @default "virtio"
   */
  readonly model?: pulumi.Input<"virtio" | "e1000e" | "e1000" | "rtl8139" | "vmxnet3" | undefined>;
  /**
   * Whether its link is up.
   * Sets: interface/link/@state
   * @default "up"
   */
  readonly link?: pulumi.Input<"up" | "down" | undefined>;
  /**
   * VLAN tag, if the network or bridge supports VLANs. Default: none.
   * Sets: interface/vlan/tag/@id
   */
  readonly vlan?: pulumi.Input<number | undefined>;
  /**
   * Limits of its use. Default: none.
   * Sets: interface/bandwidth
   */
  readonly bandwidth?: pulumi.Input<MachineNicBandwidthArgs | undefined>;
  /**
   * Its network filter of libvirt, such as `clean-traffic`. Default: none.
   * Sets: interface/filterref/@filter
   */
  readonly filter?: pulumi.Input<string | undefined>;
  /**
   * Queues that the guest can use at the same time, with model virtio. Default: one.
   * Sets: interface/driver/@queues
   */
  readonly queues?: pulumi.Input<number | undefined>;
  /**
   * Largest packet in bytes. Default: that of the network.
   * Sets: interface/mtu/@size
   */
  readonly mtu?: pulumi.Input<number | undefined>;
  /**
   * Place in the boot order, from 1. Default: none; if no device has one, the machine boots from the first disk that
   * can be booted, in the order of `disks`.
   * Sets: boot/@order
   */
  readonly bootOrder?: pulumi.Input<number | undefined>;
}

export interface MachineNicBandwidthArgs {
  /**
   * Traffic to the guest. Default: no limit.
   * Sets: interface/bandwidth/inbound
   */
  readonly inbound?: pulumi.Input<MachineNicBandwidthInboundArgs | undefined>;
  /**
   * Traffic from the guest. Default: no limit.
   * Sets: interface/bandwidth/outbound
   */
  readonly outbound?: pulumi.Input<MachineNicBandwidthOutboundArgs | undefined>;
}

export interface MachineNicBandwidthInboundArgs {
  /**
   * KiB per second on average.
   * Sets: interface/bandwidth/inbound/@average
   */
  readonly average: pulumi.Input<number>;
  /**
   * Most KiB per second at a peak. Default: no such limit.
   * Sets: interface/bandwidth/inbound/@peak
   */
  readonly peak?: pulumi.Input<number | undefined>;
  /**
   * KiB that may be sent at the peak's speed at once. Default: no such limit.
   * Sets: interface/bandwidth/inbound/@burst
   */
  readonly burst?: pulumi.Input<number | undefined>;
}

export interface MachineNicBandwidthOutboundArgs {
  /**
   * KiB per second on average.
   * Sets: interface/bandwidth/outbound/@average
   */
  readonly average: pulumi.Input<number>;
  /**
   * Most KiB per second at a peak. Default: no such limit.
   * Sets: interface/bandwidth/outbound/@peak
   */
  readonly peak?: pulumi.Input<number | undefined>;
  /**
   * KiB that may be sent at the peak's speed at once. Default: no such limit.
   * Sets: interface/bandwidth/outbound/@burst
   */
  readonly burst?: pulumi.Input<number | undefined>;
}

export interface MachineGraphicsArgs {
  /**
   * Protocol of the screen.
   * Sets: graphics/@type
   */
  readonly type: pulumi.Input<"vnc" | "spice">;
  /**
   * Address of the host at which it is served.
   * Sets: graphics/listen/@address
   * @default "127.0.0.1"
   */
  readonly listen?: pulumi.Input<string | string | undefined>;
  /**
   * Port at which it is served. Default: the next free one from 5900.
   * Sets: graphics/@port
   */
  readonly port?: pulumi.Input<number | undefined>;
  /**
   * Password of the screen; with vnc 8 characters at most. Always kept secret. Default: no password.
   * Sets: graphics/@passwd
   */
  readonly password?: pulumi.Input<string | undefined>;
}

export interface MachineFilesystemArgs {
  /**
   * Directory on the host.
   * Sets: filesystem/source/@dir
   */
  readonly source: pulumi.Input<string>;
  /**
   * Tag with which the guest mounts it.
   * Sets: filesystem/target/@dir
   */
  readonly target: pulumi.Input<string>;
  /**
   * Protocol of the sharing; virtiofs is faster, and needs memoryBacking.shared.
   * Sets: filesystem/driver/@type
   * @default "virtiofs"
   */
  readonly driver?: pulumi.Input<"virtiofs" | "9p" | undefined>;
  /**
   * How 9p maps owners and permissions. Default: passthrough.
   * Sets: filesystem/@accessmode
   */
  readonly accessMode?: pulumi.Input<"passthrough" | "mapped" | "squash" | undefined>;
  /**
   * Whether the guest can't write to it; 9p only.
   * Sets: filesystem/readonly
   * @default false
   */
  readonly readOnly?: pulumi.Input<boolean | undefined>;
}

export interface MachineHostDeviceArgs {
  /**
   * A PCI device of the host by its address, as `lspci -D` shows it. The host can't use it while the machine runs.
   * Sets: hostdev/source/address
   */
  readonly pci?: pulumi.Input<string | undefined>;
  /**
   * A USB device of the host by vendor and product, as `lsusb` shows it.
   * Sets: hostdev/source/vendor, hostdev/source/product
   */
  readonly usb?: pulumi.Input<string | undefined>;
}

export interface MachineXmlArgs {
  /**
   * The elements, in a `<domain>`. Devices are distinguished as in libvirt: disks by target, interfaces by MAC
   * address.
   * Sets: domain
   */
  readonly overlay?: pulumi.Input<string | undefined>;
  /**
   * Handlebars file of the overlay, on the machine that runs Pulumi, instead of `overlay`.
   * Sets: domain
   */
  readonly template?: pulumi.Input<string | undefined>;
  /**
   * YAML file that maps the template's variables to `data`. Default: none.
   * Sets: domain
   */
  readonly table?: pulumi.Input<string | undefined>;
  /**
   * What template and table may use. Always kept secret.
   * Sets: domain
   * @default {}
   */
  readonly data?: pulumi.Input<Readonly<Record<string, pulumi.Input<unknown>>> | undefined>;
}

export interface NetworkArgs {
  /**
   * libvirt connection URI of the KVM host. Default: kvm:connection of the stack's configuration, else the
   * environment's KVM_DEPLOY_CONNECTION, else qemu:///system.
   * Sets: virsh --connect
   */
  readonly connection?: pulumi.Input<string | undefined>;
  /**
   * Name of the libvirt network. Default: the resource's name.
   * Sets: name
   */
  readonly name?: pulumi.Input<string | undefined>;
  /**
   * Whether to take over an existing one of this name as it is: `true` if kvm-deploy did not create it, or the URN of
   * the resource that owns it now. The next preview then shows the differences.
   * Sets: metadata/kvm-deploy:mark
   * @default false
   */
  readonly adopt?: pulumi.Input<boolean | string | undefined>;
  /**
   * Whether a destroy also deletes it if it was taken over by `adopt`. Default: false; it stays on the host as it is,
   * and only kvm-deploy's mark is removed.
   */
  readonly deleteAdopted?: pulumi.Input<boolean | undefined>;
  /**
   * Whether other stacks may describe the same network: the first one creates it, the others must describe it in the
   * same way and join, and it is deleted with the last one. An existing network that kvm-deploy did not create is used
   * as it is, and never changed or deleted.
   * Sets: metadata/kvm-deploy:mark
   * @default false
   */
  readonly shared?: pulumi.Input<boolean | undefined>;
  /**
   * Whether a change that needs a restart restarts the network at once, although running machines are attached: they
   * lose their connection for about a second, and are attached again. Otherwise the change waits for the network's
   * next restart.
   * @default false
   */
  readonly allowRestart?: pulumi.Input<boolean | undefined>;
  /**
   * How guests reach other networks: through the host's address (nat), not at all (isolated), routed by the host with
   * libvirt's firewall rules (route) or without any (open), on a bridge of the host or by a device's macvtap (bridge),
   * or by a device's macvtap in one of its other modes (private, vepa, passthrough).
   * Sets: forward/@mode
   * @default "nat"
   */
  readonly mode?: pulumi.Input<"nat" | "isolated" | "route" | "open" | "bridge" | "private" | "vepa" | "passthrough" | undefined>;
  /**
   * Devices of the host: with nat and route the one for outgoing traffic; with bridge, private, vepa and passthrough
   * those of the guests (passthrough: one guest per device).
   * Sets: forward/@dev, forward/interface/@dev
   * @default []
   */
  readonly devices?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * Name of the bridge: with mode bridge the host's own, which must exist; otherwise the one that libvirt creates
   * (default: its next free virbrN).
   * Sets: bridge/@name
   * @example "br0"
   */
  readonly bridge?: pulumi.Input<string | undefined>;
  /**
   * Kind of the host's bridge. Default: Linux's own.
   * Sets: virtualport/@type
   */
  readonly virtualPort?: pulumi.Input<"openvswitch" | undefined>;
  /**
   * Address translation of mode nat. Default: libvirt's own.
   * Sets: forward/nat
   */
  readonly nat?: pulumi.Input<NetworkNatArgs | undefined>;
  /**
   * Longest packet in bytes. Default: 1500.
   * Sets: mtu/@size
   */
  readonly mtu?: pulumi.Input<number | undefined>;
  /**
   * IPv4 in this network. Default: none.
   * Sets: ip
   */
  readonly ipv4?: pulumi.Input<NetworkIpv4Args | undefined>;
  /**
   * IPv6 in this network. Default: none.
   * Sets: ip[@family='ipv6']
   */
  readonly ipv6?: pulumi.Input<NetworkIpv6Args | undefined>;
  /**
   * Static routes of the host.
   * Sets: route
   * @default []
   */
  readonly routes?: pulumi.Input<readonly pulumi.Input<NetworkRouteArgs>[] | undefined>;
  /**
   * DNS domain of the guests. Default: none.
   * Sets: domain
   */
  readonly domain?: pulumi.Input<NetworkDomainArgs | undefined>;
  /**
   * What DNS answers in this network. Default: the names of guests that use DHCP, and the answers of the host's
   * resolver.
   * Sets: dns
   */
  readonly dns?: pulumi.Input<NetworkDnsArgs | undefined>;
  /**
   * Groups of guests with the same VLANs.
   * Sets: portgroup
   * @default []
   */
  readonly portGroups?: pulumi.Input<readonly pulumi.Input<NetworkPortGroupArgs>[] | undefined>;
  /**
   * Lines for dnsmasq's configuration; libvirt does not check them.
   * Sets: dnsmasq:options/dnsmasq:option/@value
   * @default []
   */
  readonly dnsmasqOptions?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * Whether it starts with the host.
   * Sets: autostart
   * @default true
   */
  readonly autostart?: pulumi.Input<boolean | undefined>;
  /**
   * Whether it runs: a stopped network is started again, and its running machines are attached again. It can't be
   * stopped while running machines are attached, even with allowRestart, because they would have no connection.
   * @default true
   */
  readonly running?: pulumi.Input<boolean | undefined>;
}

export interface NetworkNatArgs {
  /**
   * Ports of the host's address for the guests' outgoing connections. Default: 1024 to 65535.
   * Sets: forward/nat/port
   */
  readonly ports?: pulumi.Input<NetworkNatPortsArgs | undefined>;
  /**
   * Whether IPv6 also uses the host's address; otherwise it is routed.
   * Sets: forward/nat/@ipv6
   * @default false
   */
  readonly ipv6?: pulumi.Input<boolean | undefined>;
}

export interface NetworkNatPortsArgs {
  /**
   * First port.
   * Sets: forward/nat/port/@start
   */
  readonly start: pulumi.Input<number>;
  /**
   * Last port.
   * Sets: forward/nat/port/@end
   */
  readonly end: pulumi.Input<number>;
}

export interface NetworkIpv4Args {
  /**
   * IPv4 subnet in CIDR notation.
   * Sets: ip/@address, ip/@prefix
   * @example "172.16.1.0/24"
   */
  readonly subnet: pulumi.Input<string>;
  /**
   * The host's own address in the subnet, the guests' gateway. Default: the subnet's first address.
   * Sets: ip/@address
   * @example "172.16.1.10"
   */
  readonly hostAddress?: pulumi.Input<string | undefined>;
  /**
   * Addresses by DHCP. Default: no DHCP.
   * Sets: ip/dhcp
   */
  readonly dhcp?: pulumi.Input<NetworkIpv4DhcpArgs | undefined>;
}

export interface NetworkIpv4DhcpArgs {
  /**
   * Addresses for guests without a fixed one.
   * Sets: ip/dhcp/range
   * @default []
   */
  readonly ranges?: pulumi.Input<readonly pulumi.Input<NetworkIpv4DhcpRangeArgs>[] | undefined>;
  /**
   * Guests with a fixed address.
   * Sets: ip/dhcp/host
   * @default []
   */
  readonly hosts?: pulumi.Input<readonly pulumi.Input<NetworkIpv4DhcpHostArgs>[] | undefined>;
}

export interface NetworkIpv4DhcpRangeArgs {
  /**
   * First address of the range.
   * Sets: ip/dhcp/range/@start
   * @example "172.16.1.10"
   */
  readonly start: pulumi.Input<string>;
  /**
   * Last address of the range.
   * Sets: ip/dhcp/range/@end
   * @example "172.16.1.10"
   */
  readonly end: pulumi.Input<string>;
  /**
   * How long a guest may keep an address without a renewal, at least `2m`. Default: dnsmasq's, one hour.
   * Sets: ip/dhcp/range/lease/@expiry
   * @example "10m"
   */
  readonly leaseTime?: pulumi.Input<string | undefined>;
}

export interface NetworkIpv4DhcpHostArgs {
  /**
   * MAC address of the guest's network interface.
   * Sets: ip/dhcp/host/@mac
   * @example "52:54:00:12:34:56"
   */
  readonly mac: pulumi.Input<string>;
  /**
   * The guest's fixed address.
   * Sets: ip/dhcp/host/@ip
   * @example "172.16.1.10"
   */
  readonly address: pulumi.Input<string>;
  /**
   * Host name of the guest, for the guest itself and for DNS.
   * Sets: ip/dhcp/host/@name
   * @example "web-1"
   */
  readonly name?: pulumi.Input<string | undefined>;
}

export interface NetworkIpv6Args {
  /**
   * IPv6 subnet in CIDR notation. Guests can configure their own addresses only with the prefix length 64.
   * Sets: ip[@family='ipv6']/@address, ip/@prefix
   * @example "fd00:16::/64"
   */
  readonly subnet: pulumi.Input<string>;
  /**
   * The host's own address in the subnet, the guests' gateway. Default: the subnet's first address.
   * Sets: ip/@address
   * @example "fd00:16::10"
   */
  readonly hostAddress?: pulumi.Input<string | undefined>;
  /**
   * Addresses by DHCP. Default: no DHCP.
   * Sets: ip/dhcp
   */
  readonly dhcp?: pulumi.Input<NetworkIpv6DhcpArgs | undefined>;
}

export interface NetworkIpv6DhcpArgs {
  /**
   * Addresses for guests without a fixed one.
   * Sets: ip/dhcp/range
   * @default []
   */
  readonly ranges?: pulumi.Input<readonly pulumi.Input<NetworkIpv6DhcpRangeArgs>[] | undefined>;
  /**
   * Guests with a fixed address.
   * Sets: ip/dhcp/host
   * @default []
   */
  readonly hosts?: pulumi.Input<readonly pulumi.Input<NetworkIpv6DhcpHostArgs>[] | undefined>;
}

export interface NetworkIpv6DhcpRangeArgs {
  /**
   * First address of the range.
   * Sets: ip/dhcp/range/@start
   * @example "fd00:16::10"
   */
  readonly start: pulumi.Input<string>;
  /**
   * Last address of the range.
   * Sets: ip/dhcp/range/@end
   * @example "fd00:16::10"
   */
  readonly end: pulumi.Input<string>;
  /**
   * How long a guest may keep an address without a renewal, at least `2m`. Default: dnsmasq's, one hour.
   * Sets: ip/dhcp/range/lease/@expiry
   * @example "10m"
   */
  readonly leaseTime?: pulumi.Input<string | undefined>;
}

export interface NetworkIpv6DhcpHostArgs {
  /**
   * The guest's DHCP unique identifier (DUID). Default: only its name identifies it.
   * Sets: ip/dhcp/host/@id
   * @example "00:03:00:01:52:54:00:12:34:56"
   */
  readonly id?: pulumi.Input<string | undefined>;
  /**
   * Host name of the guest, for the guest itself and for DNS.
   * Sets: ip/dhcp/host/@name
   * @example "web-1"
   */
  readonly name: pulumi.Input<string>;
  /**
   * The guest's fixed address.
   * Sets: ip/dhcp/host/@ip
   * @example "fd00:16::10"
   */
  readonly address: pulumi.Input<string>;
}

export interface NetworkRouteArgs {
  /**
   * Subnet, of IPv4 or IPv6, that is reached through the gateway.
   * Sets: route/@address, route/@prefix
   * @example "192.168.7.0/24"
   */
  readonly destination: pulumi.Input<string>;
  /**
   * Address of the guest that routes to it.
   * Sets: route/@gateway
   * @example "172.16.1.10"
   */
  readonly gateway: pulumi.Input<string>;
  /**
   * Of several routes, the one with the lowest metric is used. Default: 1.
   * Sets: route/@metric
   */
  readonly metric?: pulumi.Input<number | undefined>;
}

export interface NetworkDomainArgs {
  /**
   * DNS domain of the guests.
   * Sets: domain/@name
   * @example "example.org"
   */
  readonly name: pulumi.Input<string>;
  /**
   * Whether only the network answers for names of the domain. Then they are not forwarded to another DNS server.
   * Sets: domain/@localOnly
   * @default true
   */
  readonly localOnly?: pulumi.Input<boolean | undefined>;
}

export interface NetworkDnsArgs {
  /**
   * Whether the host answers DNS in this network.
   * Sets: dns/@enable
   * @default true
   */
  readonly enabled?: pulumi.Input<boolean | undefined>;
  /**
   * Whether unknown names without a domain are forwarded to the host's resolver.
   * Sets: dns/@forwardPlainNames
   * @default true
   */
  readonly forwardPlainNames?: pulumi.Input<boolean | undefined>;
  /**
   * DNS servers that are used instead of the host's resolver.
   * Sets: dns/forwarder
   * @default []
   */
  readonly forwarders?: pulumi.Input<readonly pulumi.Input<NetworkDnsForwarderArgs>[] | undefined>;
  /**
   * Addresses with their names.
   * Sets: dns/host
   * @default []
   */
  readonly hosts?: pulumi.Input<readonly pulumi.Input<NetworkDnsHostArgs>[] | undefined>;
  /**
   * TXT records.
   * Sets: dns/txt
   * @default []
   */
  readonly txt?: pulumi.Input<readonly pulumi.Input<NetworkDnsTxtArgs>[] | undefined>;
  /**
   * SRV records: the hosts of a service.
   * Sets: dns/srv
   * @default []
   */
  readonly srv?: pulumi.Input<readonly pulumi.Input<NetworkDnsSrvArgs>[] | undefined>;
}

export interface NetworkDnsForwarderArgs {
  /**
   * Address of the DNS server. Default: with a domain, the host's own resolver.
   * Sets: dns/forwarder/@addr
   * @example "172.16.1.10"
   */
  readonly address?: pulumi.Input<string | undefined>;
  /**
   * Domain whose queries are sent there. Default: all.
   * Sets: dns/forwarder/@domain
   * @example "example.org"
   */
  readonly domain?: pulumi.Input<string | undefined>;
}

export interface NetworkDnsHostArgs {
  /**
   * The address of the names.
   * Sets: dns/host/@ip
   * @example "172.16.1.10"
   */
  readonly address: pulumi.Input<string>;
  /**
   * Names with this address in DNS.
   * Sets: dns/host/hostname
   */
  readonly names: pulumi.Input<readonly pulumi.Input<string>[]>;
}

export interface NetworkDnsTxtArgs {
  /**
   * Name of the TXT record.
   * Sets: dns/txt/@name
   * @example "example.org"
   */
  readonly name: pulumi.Input<string>;
  /**
   * Text of the TXT record.
   * Sets: dns/txt/@value
   */
  readonly value: pulumi.Input<string>;
}

export interface NetworkDnsSrvArgs {
  /**
   * Name of the service, without its underscore.
   * Sets: dns/srv/@service
   */
  readonly service: pulumi.Input<string>;
  /**
   * Protocol of the service.
   * Sets: dns/srv/@protocol
   */
  readonly protocol: pulumi.Input<"tcp" | "udp">;
  /**
   * Domain of the service. Default: the network's.
   * Sets: dns/srv/@domain
   * @example "example.org"
   */
  readonly domain?: pulumi.Input<string | undefined>;
  /**
   * Host of the service. Default: the domain does not offer the service.
   * Sets: dns/srv/@target
   * @example "example.org"
   */
  readonly target?: pulumi.Input<string | undefined>;
  /**
   * Port of the service. Default: 1.
   * Sets: dns/srv/@port
   */
  readonly port?: pulumi.Input<number | undefined>;
  /**
   * Clients try the hosts with the lowest number first. Default: 0.
   * Sets: dns/srv/@priority
   */
  readonly priority?: pulumi.Input<number | undefined>;
  /**
   * Share among hosts of the same priority. Default: 0.
   * Sets: dns/srv/@weight
   */
  readonly weight?: pulumi.Input<number | undefined>;
}

export interface NetworkPortGroupArgs {
  /**
   * Name of the group, for a machine's NIC.
   * Sets: portgroup/@name
   * @example "br0"
   */
  readonly name: pulumi.Input<string>;
  /**
   * Whether NICs without a port group are in this one.
   * Sets: portgroup/@default
   * @default false
   */
  readonly default?: pulumi.Input<boolean | undefined>;
  /**
   * VLAN tags of the guests' frames; several tags are a trunk.
   * Sets: portgroup/vlan/tag/@id, portgroup/vlan/@trunk
   * @default []
   */
  readonly vlans?: pulumi.Input<readonly pulumi.Input<number>[] | undefined>;
}

export interface StoragePoolArgs {
  /**
   * libvirt connection URI of the KVM host. Default: kvm:connection of the stack's configuration, else the
   * environment's KVM_DEPLOY_CONNECTION, else qemu:///system.
   * Sets: virsh --connect
   */
  readonly connection?: pulumi.Input<string | undefined>;
  /**
   * Name of the libvirt storage pool. Default: the resource's name.
   * Sets: name
   */
  readonly name?: pulumi.Input<string | undefined>;
  /**
   * Whether to take over an existing one of this name as it is: `true` if kvm-deploy did not create it, or the URN of
   * the resource that owns it now. The next preview then shows the differences.
   * Sets: metadata/kvm-deploy:mark
   * @default false
   */
  readonly adopt?: pulumi.Input<boolean | string | undefined>;
  /**
   * Whether a destroy also deletes it if it was taken over by `adopt`. Default: false; it stays on the host as it is,
   * and only kvm-deploy's mark is removed.
   */
  readonly deleteAdopted?: pulumi.Input<boolean | undefined>;
  /**
   * Whether other stacks may describe the same pool: the first one creates it, the others must describe it in the same
   * way and join, and it is deleted with the last one. An existing pool that kvm-deploy did not create is used as it
   * is, and never changed or deleted.
   * @default false
   */
  readonly shared?: pulumi.Input<boolean | undefined>;
  /**
   * Directory of the volumes on the host, or mount point of the file system; created if it is missing. Not for
   * logical, iscsi, rbd and zfs.
   * Sets: target/path
   */
  readonly path?: pulumi.Input<string | undefined>;
  /**
   * A block device with a file system.
   * Sets: @type="fs"
   */
  readonly fs?: pulumi.Input<StoragePoolFsArgs | undefined>;
  /**
   * A directory of a file server.
   * Sets: @type="netfs"
   */
  readonly netfs?: pulumi.Input<StoragePoolNetfsArgs | undefined>;
  /**
   * An LVM volume group.
   * Sets: @type="logical"
   */
  readonly logical?: pulumi.Input<StoragePoolLogicalArgs | undefined>;
  /**
   * An iSCSI target.
   * Sets: @type="iscsi"
   */
  readonly iscsi?: pulumi.Input<StoragePoolIscsiArgs | undefined>;
  /**
   * A pool of a Ceph cluster.
   * Sets: @type="rbd"
   */
  readonly rbd?: pulumi.Input<StoragePoolRbdArgs | undefined>;
  /**
   * A ZFS pool.
   * Sets: @type="zfs"
   */
  readonly zfs?: pulumi.Input<StoragePoolZfsArgs | undefined>;
  /**
   * Whether it is active: `true` starts it after a stop or a reboot, before its first use; `false` stops it, and its
   * volumes are then not accessible.
   * @default true
   */
  readonly running?: pulumi.Input<boolean | undefined>;
  /**
   * Whether it starts with the host.
   * Sets: autostart
   * @default true
   */
  readonly autostart?: pulumi.Input<boolean | undefined>;
}

export interface StoragePoolFsArgs {
  /**
   * Block device with a file system on it; it is mounted, never formatted.
   * Sets: source/device/@path
   */
  readonly device: pulumi.Input<string>;
  /**
   * File system of the device.
   * Sets: source/format/@type
   * @default "auto"
   */
  readonly format?: pulumi.Input<"auto" | "ext3" | "ext4" | "xfs" | "ocfs2" | "gfs2" | undefined>;
}

export interface StoragePoolNetfsArgs {
  /**
   * File server.
   * Sets: source/host/@name
   * @example "nas.example.org"
   */
  readonly host: pulumi.Input<string>;
  /**
   * Exported directory, by its name on the server.
   * Sets: source/dir/@path
   */
  readonly directory: pulumi.Input<string>;
  /**
   * Protocol of the file server.
   * Sets: source/format/@type
   * @default "nfs"
   */
  readonly format?: pulumi.Input<"nfs" | "glusterfs" | "cifs" | undefined>;
  /**
   * Version of NFS. Default: both sides agree on one.
   * Sets: source/protocol/@ver
   */
  readonly nfsVersion?: pulumi.Input<string | undefined>;
}

export interface StoragePoolLogicalArgs {
  /**
   * Existing LVM volume group; each volume is a logical volume in it.
   * Sets: source/name
   */
  readonly volumeGroup: pulumi.Input<string>;
}

export interface StoragePoolIscsiArgs {
  /**
   * Server of the iSCSI target.
   * Sets: source/host/@name
   * @example "nas.example.org"
   */
  readonly host: pulumi.Input<string>;
  /**
   * Port of the server.
   * Sets: source/host/@port
   * @default 3260
   */
  readonly port?: pulumi.Input<number | undefined>;
  /**
   * Qualified name of the target; each of its logical units is a volume.
   * Sets: source/device/@path
   */
  readonly target: pulumi.Input<string>;
  /**
   * Qualified name with which the host logs in. Default: that of its iSCSI configuration.
   * Sets: source/initiator/iqn/@name
   */
  readonly initiator?: pulumi.Input<string | undefined>;
  /**
   * How the host logs in, by CHAP.
   * Sets: source/auth
   */
  readonly auth?: pulumi.Input<StoragePoolIscsiAuthArgs | undefined>;
}

export interface StoragePoolIscsiAuthArgs {
  /**
   * User on the storage server.
   * Sets: source/auth/@username
   */
  readonly username: pulumi.Input<string>;
  /**
   * libvirt secret with the password: its UUID, or its usage name. It is created by `virsh secret-define`.
   * Sets: source/auth/secret
   */
  readonly secret: pulumi.Input<string>;
}

export interface StoragePoolRbdArgs {
  /**
   * Monitors of the Ceph cluster.
   * Sets: source/host
   */
  readonly hosts: pulumi.Input<readonly pulumi.Input<StoragePoolRbdHostArgs>[]>;
  /**
   * Ceph's own pool.
   * Sets: source/name
   */
  readonly pool: pulumi.Input<string>;
  /**
   * How the host logs in, by cephx.
   * Sets: source/auth
   */
  readonly auth?: pulumi.Input<StoragePoolRbdAuthArgs | undefined>;
}

export interface StoragePoolRbdHostArgs {
  /**
   * Monitor of the Ceph cluster.
   * Sets: source/host/@name
   * @example "nas.example.org"
   */
  readonly host: pulumi.Input<string>;
  /**
   * Port of the monitor.
   * Sets: source/host/@port
   * @default 6789
   */
  readonly port?: pulumi.Input<number | undefined>;
}

export interface StoragePoolRbdAuthArgs {
  /**
   * User on the storage server.
   * Sets: source/auth/@username
   */
  readonly username: pulumi.Input<string>;
  /**
   * libvirt secret with the password: its UUID, or its usage name. It is created by `virsh secret-define`.
   * Sets: source/auth/secret
   */
  readonly secret: pulumi.Input<string>;
}

export interface StoragePoolZfsArgs {
  /**
   * Existing ZFS pool, or dataset in one; each volume is a zvol in it.
   * Sets: source/name
   */
  readonly dataset: pulumi.Input<string>;
}

export interface VolumeArgs {
  /**
   * libvirt connection URI of the KVM host. Default: kvm:connection of the stack's configuration, else the
   * environment's KVM_DEPLOY_CONNECTION, else qemu:///system.
   * Sets: virsh --connect
   */
  readonly connection?: pulumi.Input<string | undefined>;
  /**
   * Name of the volume in its pool. Default: the resource's name.
   * Sets: volume/name
   */
  readonly name?: pulumi.Input<string | undefined>;
  /**
   * Whether to take over an existing one of this name as it is: `true` if kvm-deploy did not create it, or the URN of
   * the resource that owns it now. The next preview then shows the differences.
   * Sets: metadata/kvm-deploy:mark
   * @default false
   */
  readonly adopt?: pulumi.Input<boolean | string | undefined>;
  /**
   * Whether a destroy also deletes it if it was taken over by `adopt`. Default: false; it stays on the host as it is,
   * and only kvm-deploy's mark is removed.
   */
  readonly deleteAdopted?: pulumi.Input<boolean | undefined>;
  /**
   * Name of its storage pool.
   * Sets: vol-create --pool
   * @default "default"
   */
  readonly pool?: pulumi.Input<string | undefined>;
  /**
   * Image format. Both formats take only as much space as was written. Pools without a file system have raw volumes.
   * Sets: volume/target/format/@type
   * @default "qcow2"
   */
  readonly format?: pulumi.Input<"qcow2" | "raw" | undefined>;
  /**
   * Size of the disk in the guest. It can grow, but not shrink. Default: the size of its source.
   * Sets: volume/capacity
   * @example "20GiB"
   */
  readonly size?: pulumi.Input<Size | undefined>;
  /**
   * Whether all of its space is allocated at its creation; in a volume group it always is.
   * Sets: volume/allocation
   * @default false
   */
  readonly preallocate?: pulumi.Input<boolean | undefined>;
  /**
   * What it contains at first: a volume, a file or a URL. Used once, at its creation.
   * Sets: vol-upload
   */
  readonly source?: pulumi.Input<VolumeSourceArgs | undefined>;
  /**
   * The base of the volume. The volume itself contains only the differences.
   * Sets: volume/backingStore
   */
  readonly backing?: pulumi.Input<VolumeBackingArgs | undefined>;
}

export interface VolumeSourceArgs {
  /**
   * The volume to copy. No running machine may write to it meanwhile.
   * Sets: vol-create-from --vol
   * @example "default/web-1"
   */
  readonly volume?: pulumi.Input<string | undefined>;
  /**
   * A file on the KVM host.
   * Sets: vol-upload --file
   */
  readonly path?: pulumi.Input<string | undefined>;
  /**
   * URL from which the KVM host downloads it once.
   * Sets: vol-upload --file
   */
  readonly url?: pulumi.Input<string | undefined>;
  /**
   * Image format of `volume`, if kvm-deploy did not create it. Default: raw; the content proves nothing.
   * Sets: vol-create-from --vol
   */
  readonly format?: pulumi.Input<"qcow2" | "raw" | undefined>;
  /**
   * SHA-256 sum of the file; required with `url`. Nothing is written to the volume before it is verified.
   * Sets: a check before its use
   */
  readonly sha256?: pulumi.Input<string | undefined>;
}

export interface VolumeBackingArgs {
  /**
   * The base volume.
   * Sets: volume/backingStore/path
   * @example "default/web-1"
   */
  readonly volume?: pulumi.Input<string | undefined>;
  /**
   * The base file or device on the KVM host.
   * Sets: volume/backingStore/path
   */
  readonly path?: pulumi.Input<string | undefined>;
  /**
   * Image format of the base.
   * Sets: volume/backingStore/format/@type
   * @default "qcow2"
   */
  readonly format?: pulumi.Input<"qcow2" | "raw" | undefined>;
}
