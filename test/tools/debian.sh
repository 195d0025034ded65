# shellcheck shell=bash
# What comes from Debian: packages of the machine's own release, kubectl of another one, and a base system for images.
# Sourced by install.sh, which sets $tools, $scratch and the versions.
: "${tools:?}" "${scratch:?}"

# Installs the packages behind the commands that are missing, given as command:package.
require_commands() {
  local pair missing=()
  for pair; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
  done
  if ((${#missing[@]} == 0)); then return; fi
  echo "install.sh: Debian packages: ${missing[*]}" >&2
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 install --yes --no-install-recommends "${missing[@]}" >/dev/null
}

install_packages() {
  require_commands shellcheck:shellcheck shfmt:shfmt busybox:busybox-static nft:nftables ip:iproute2 iptables:iptables \
    conntrack:conntrack tcpdump:tcpdump ping:iputils-ping dnsmasq:dnsmasq-base curl:curl buildah:buildah podman:podman runc:runc \
    debootstrap:debootstrap ethtool:ethtool openssl:openssl openvpn:openvpn wg:wireguard-tools wireguard-go:wireguard-go \
    git:git unshare:util-linux chromium:chromium
}

# Prints the address of the Debian mirror that the machine's own apt sources name.
debian_mirror() {
  local mirror
  # shellcheck disable=SC2016
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1)
  if [[ -z $mirror ]]; then
    apt-get -qq update
    # shellcheck disable=SC2016
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1)
  fi
  echo "${mirror:?no Debian mirror in the sources of apt}"
}

# apt with sources and state of its own: it sees another Debian suite and leaves the machine's release alone. The
# mirror may be a snapshot, so its date is not looked at; its signature is.
apt_of_suite() {
  local suite=$1 root=$scratch/apt-$1
  shift
  if [[ ! -d $root ]]; then
    mkdir -p "$root"/{parts,state/lists/partial,cache/archives/partial}
    cat >"$root/parts/suite.sources" <<EOF
Types: deb
URIs: $(debian_mirror)
Suites: $suite
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
EOF
  fi
  apt-get -qq -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Check-Valid-Until=false \
    -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$root/parts" -o Dir::Etc::PreferencesParts=/dev/null \
    -o Dir::State="$root/state" -o Dir::State::Status=/dev/null -o Dir::Cache="$root/cache" "$@"
}

# kubectl-<version> in the tools folder, unpacked from its package and not installed.
install_kubectl() {
  if compgen -G "$tools/bin/kubectl-*" >/dev/null; then return; fi
  echo "install.sh: kubectl of Debian $KUBECTL_SUITE" >&2
  apt_of_suite "$KUBECTL_SUITE" update
  (cd "$scratch" && apt_of_suite "$KUBECTL_SUITE" download kubectl)
  dpkg-deb -x "$scratch"/kubectl_*.deb "$scratch/kubectl"
  local version
  version=$("$scratch/kubectl/usr/bin/kubectl" version --client | sed -n 's/^Client Version: v//p')
  mv "$scratch/kubectl/usr/bin/kubectl" "$tools/bin/kubectl-${version:?}"
}

# A minimal Debian system of a suite as base-<suite>.tar: stands in for the base images where no image registry can be
# reached. Like those that are called slim, it has no documentation and tells dpkg to leave it out.
require_base() {
  local suite=$1 root=$scratch/base-$1
  if [[ -e $tools/base-$suite.tar ]]; then return; fi
  echo "install.sh: base system of Debian $suite" >&2
  require_commands debootstrap:debootstrap
  debootstrap --variant=minbase "$suite" "$root" "$(debian_mirror)" >"$scratch/debootstrap.log" || {
    cat "$scratch/debootstrap.log" >&2
    return 1
  }
  rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,info,lintian,locale,man}/*
  printf 'path-exclude /usr/share/%s/*\n' doc info lintian locale man >"$root/etc/dpkg/dpkg.cfg.d/docker"
  tar -C "$root" -cf "$scratch/base.tar" .
  mv "$scratch/base.tar" "$tools/base-$suite.tar"
}

install_base() {
  require_base "$BASE_SUITE"
}
