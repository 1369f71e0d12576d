import { shellWord } from "../../../format/shell-word";
import type { AddedFile } from "../../family";
import type { SystemOptions } from "../system";
import { cardPlaceholder, earlyNetwork } from "./early-network";
import { bindingOf, usesRegisters, usesTang, usesTpm, withoutRegisters } from "./options";

const findDevice = String.raw`# luks_below DEVICE: the device with LUKS that a block device lies on
luks_below() {
	if cryptsetup isLuks "/dev/$1" 2>/dev/null; then
		echo "/dev/$1"
		return
	fi
	for below in "/sys/class/block/$1/slaves"/*; do
		[ ! -e "$below" ] || luks_below "$(basename "$below")"
	done
}
device=$(luks_below "$(lsblk -d -n -o KNAME "$(findmnt -n -v -o SOURCE /)")")
[ "$device" ]
`;

const start = String.raw`#!/bin/sh
# Binds the encrypted disk to what opens it at a start: TPM 2.0, Tang, or both. The passphrase stays valid.
set -e

# failing WHAT: how the installation ends if the next commands fail
failing() {
	echo "system.disk.unlock: $1" >step
}

`;

/** Which of two packages is right depends on the release, and the answers are made without it. */
export const packagesByApt = String.raw`failing 'clevis could not be installed from the archive of Ubuntu (its component universe)'
export DEBIAN_FRONTEND=noninteractive
if command -v dracut >/dev/null; then builder=clevis-dracut; else builder=clevis-initramfs; fi
apt-get install --yes clevis-luks clevis-tpm2 "$builder" >/dev/null

`;

const requireTpm = String.raw`failing 'the machine has no TPM 2.0; give the Machine a tpm'
ls /dev/tpmrm* >/dev/null 2>&1

`;

/** The option -y would trust any Tang server, also with a thumbprint. */
const bind = String.raw`failing 'the new system has no clevis; install clevis-luks, and clevis-initramfs or clevis-dracut'
command -v clevis-luks-bind >/dev/null

failing 'the root of the new system is not on an encrypted disk'
${findDevice}
# clevis is made of bash, which names pipes by it.
[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
if ! clevis luks bind -f -d "$device" -k - "$(cat unlock/pin)" "$(cat unlock/config)" \
	<unlock/passphrase >unlock/said 2>&1; then
	failing "clevis: $(tr '\n' ' ' <unlock/said | cut -c 1-300)"
	exit 1
fi
rm unlock/passphrase

failing 'the initial RAM disk could not be written again'
`;

/** Network drivers are in it where it has only those that the machine needs to start, too. */
const network = String.raw`card=$(cat unlock/card)
for one in /sys/class/net/*; do
	[ ! -e "$one/device" ] || [ "$(cat "$one/address")" != "$card" ] || card=$(basename "$one")
done
if command -v dracut >/dev/null; then
	sed "s/${cardPlaceholder}/$card/; s/.*/kernel_cmdline+=\" & \"/" unlock/dracut >/etc/dracut.conf.d/kvm-deploy-unlock.conf
else
	[ ! -s unlock/initramfs-tools ] ||
		sed "s/${cardPlaceholder}/$card/; s/^/IP=/" unlock/initramfs-tools >/etc/initramfs-tools/conf.d/kvm-deploy-unlock
	for driver in /sys/class/net/*/device/driver/module; do
		[ ! -e "$driver" ] || basename "$(readlink -f "$driver")"
	done | sort -u >>/etc/initramfs-tools/modules
fi
`;

const rebuild = String.raw`if command -v dracut >/dev/null; then
	dracut --force --regenerate-all
else
	update-initramfs -u -k all
fi
`;

/**
 * What binds the encrypted disk at the end of the installation, below the directory of the hand-over: a script that runs in the
 * new system before those of the user, and the values that it reads.
 * @param preparation lines of a family's own that install clevis, where the installer itself doesn't
 */
export function unlockFiles(system: SystemOptions, preparation = ""): AddedFile[] {
  const { passphrase = "", unlock } = system.disk;
  if (unlock === undefined) return [];
  const { pin, config } = bindingOf(withoutRegisters(unlock));
  const tang = usesTang(system.disk);
  const script = [start, preparation, usesTpm(system.disk) ? requireTpm : "", bind, tang ? network : "", rebuild];
  return [
    { path: "new-system/after/000-unlock", content: script.join(""), mode: 0o700 },
    ...valueFiles({ passphrase, pin, config: JSON.stringify(config), ...(tang ? networkValues(system) : {}) }),
  ];
}

function networkValues(system: SystemOptions) {
  const { card, initramfsTools, dracut } = earlyNetwork(system);
  return { card, "initramfs-tools": initramfsTools, dracut };
}

function valueFiles(values: Readonly<Record<string, string>>): AddedFile[] {
  return Object.entries(values).map(([name, value]) => ({
    path: `new-system/unlock/${name}`,
    content: value === "" ? "" : `${value}\n`,
    mode: 0o600,
  }));
}

/** Ends with nothing bound rather than with a key that any system could read from the TPM. */
const seal = String.raw`set -e
reason='the root of the system is not on an encrypted disk'
fail() {
	for slot in $slots; do clevis luks unbind -f -d "$device" -s "$slot" || :; done
	echo "system.disk.unlock: the key is not sealed to the TPM's registers, so the disk asks for its passphrase: $reason" >&2
	exit 1
}
trap fail EXIT
${findDevice}
# After an interruption there are two: each of them opens the disk.
slots=$(clevis luks list -d "$device" | cut -d : -f 1)
key() {
	for slot in $slots; do
		! clevis luks pass -d "$device" -s "$slot" 2>/dev/null || return 0
	done
	return 1
}
reason='neither the TPM nor a server opens it'
key >/dev/null
reason='clevis could not bind it, as its message says'
key | clevis luks bind -f -d "$device" -k - "$pin" "$config"
trap - EXIT
for slot in $slots; do clevis luks unbind -f -d "$device" -s "$slot"; done
`;

/**
 * Seals the key to the registers at the first start. In the installer they have other values where another boot loader
 * starts its medium: shim, for one, measures itself into the register 7, with Secure Boot or without.
 */
export function sealScripts({ unlock }: Pick<SystemOptions["disk"], "unlock">): string[] {
  if (unlock === undefined || !usesRegisters(unlock)) return [];
  const { pin, config } = bindingOf(unlock);
  return [`#!/bin/sh\npin=${pin}\nconfig=${shellWord(JSON.stringify(config))}\n${seal}`];
}
