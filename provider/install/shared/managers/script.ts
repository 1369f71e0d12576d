/**
 * Runs inside the new system among the scripts of its hand-over, in their directory. Like those it holds no values: they
 * are files below `take-over`. What is written to `step` is what the machine's row says of a failure.
 */
export const takeOverScript = String.raw`#!/bin/sh
set -e
umask 022
PATH=$PATH:/opt/puppetlabs/bin
cd take-over
read -r title <title

fail() {
	printf 'hand-over to %s: %s\n' "$title" "$1" >../step
	exit 1
}

# install_from_apt PACKAGES: updates the list of this repository alone
install_from_apt() {
	mkdir -p /etc/apt/keyrings
	cp repository/key /etc/apt/keyrings/kvm-deploy.asc
	cp repository/apt /etc/apt/sources.list.d/kvm-deploy.sources
	apt-get -q update -o Dir::Etc::sourcelist=sources.list.d/kvm-deploy.sources -o Dir::Etc::sourceparts=- \
		-o APT::Get::List-Cleanup=0 -o APT::Update::Error-Mode=any </dev/null || return
	DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Options::=--force-confold install "$@" </dev/null
}

install_from_zypper() {
	cp repository/rpm /etc/zypp/repos.d/kvm-deploy.repo
	zypper -n -q refresh kvm-deploy && zypper -n -q install "$@"
}

install_from_dnf() {
	cp repository/rpm /etc/yum.repos.d/kvm-deploy.repo
	dnf -y -q install "$@" </dev/null
}

trust_rpm_key() {
	mkdir -p /etc/pki/rpm-gpg
	cp repository/key /etc/pki/rpm-gpg/RPM-GPG-KEY-kvm-deploy
	rpm --import /etc/pki/rpm-gpg/RPM-GPG-KEY-kvm-deploy
}

install_from_repository() {
	if command -v apt-get >/dev/null; then
		install_from_apt "$@"
		return
	fi
	trust_rpm_key || return
	if command -v zypper >/dev/null; then install_from_zypper "$@"; else install_from_dnf "$@"; fi
}

if [ -d repository ]; then
	if [ -e proxy ]; then
		http_proxy=$(cat proxy)
		https_proxy=$http_proxy
		export http_proxy https_proxy
	fi
	packages=$(cat packages)
	install_from_repository $packages ||
		fail "the repository gives no package $(echo $packages) whose signature is valid, or can't be reached"
fi

if [ -e program ]; then
	read -r program <program
	command -v "$program" >/dev/null || fail "the new system has no program $program: its package was not installed"
fi

if [ -d files ]; then
	(cd files && find . -type f) | while IFS= read -r file; do
		mkdir -p "$(dirname "/$file")" && cp --remove-destination "files/$file" "/$file" || exit 1
	done || fail 'its files could not be written'
fi

[ ! -e commands ] || sh -e ./commands || fail 'its settings could not be written'

if [ -e unit ]; then
	read -r unit <unit
	systemctl -q enable "$unit" || fail "the new system has no unit $unit"
fi
if command -v restorecon >/dev/null 2>&1 && [ -d files ]; then
	(cd files && find . -type f -print0) | (cd / && xargs -0 restorecon) 2>/dev/null || :
fi
`;
