# shellcheck shell=bash
# What a whole cluster is run from: Kubernetes, containerd, CoreDNS, Multus with whereabouts, and primary networks.
# Sourced by install.sh, which sets $tools, $scratch and the versions.
: "${tools:?}" "${scratch:?}"

install_cluster() {
  install_etcd
  install_kubernetes
  install_containerd
  install_coredns
  install_multus
  install_primary_networks
}

# kubernetes/<version> in the tools folder: the control plane and what nodes run. Kubernetes replaces the modules that
# it publishes by folders of its repository, which its own module does not carry: the published ones of the same release
# take their place.
install_kubernetes() {
  local folder=$tools/kubernetes/$KUBERNETES_VERSION
  if [[ -e $folder ]]; then return; fi
  echo "install.sh: Kubernetes $KUBERNETES_VERSION" >&2
  require_go
  local source=$scratch/kubernetes version=k8s.io/component-base/version published module edits=()
  (cd "$scratch" && run_go mod download "k8s.io/kubernetes@v$KUBERNETES_VERSION")
  cp -r "$scratch/modules/k8s.io/kubernetes@v$KUBERNETES_VERSION" "$source"
  chmod -R u+w "$source"
  rm -r "$source/vendor"
  published=$(sed -n 's|^\t*\(k8s.io/[a-z-]*\) => ./staging/.*|\1|p' "$source/go.mod")
  for module in $published; do
    edits+=("-dropreplace=$module" "-require=$module@v0.${KUBERNETES_VERSION#1.}")
  done
  mkdir -p "$tools/kubernetes" "$scratch/kubernetes-programs"
  (
    cd "$source"
    run_go mod edit "${edits[@]}"
    CGO_ENABLED=0 run_go build -mod=mod -o "$scratch/kubernetes-programs/" -ldflags "-s -w \
      -X $version.gitVersion=v$KUBERNETES_VERSION -X $version.gitMajor=1 -X $version.gitMinor=$(cut -d . -f 2 <<<"$KUBERNETES_VERSION")" \
      ./cmd/kube{-apiserver,-controller-manager,-scheduler,-proxy,let} 2>"$scratch/log"
  ) || {
    cat "$scratch/log" >&2
    return 1
  }
  mv -T "$scratch/kubernetes-programs" "$folder"
}

# containerd/<version> in the tools folder, unpacked from its package and not installed: containerd, its shim for runc,
# and ctr. A suite of its own: kubelet asks for a containerd that is newer than the machine's.
install_containerd() {
  if compgen -G "$tools/containerd/*" >/dev/null; then return; fi
  echo "install.sh: containerd of Debian $CONTAINERD_SUITE" >&2
  apt_of_suite "$CONTAINERD_SUITE" update
  (cd "$scratch" && apt_of_suite "$CONTAINERD_SUITE" download containerd)
  dpkg-deb -x "$scratch"/containerd_*.deb "$scratch/containerd"
  local programs=$scratch/containerd/usr/bin version
  version=$("$programs/containerd" --version | cut -d ' ' -f 3)
  mkdir -p "$tools/containerd"
  mv -T "$programs" "$tools/containerd/${version%%+*}"
}

# coredns-<version> in the tools folder.
install_coredns() {
  if [[ -x $tools/bin/coredns-$COREDNS_VERSION ]]; then return; fi
  echo "install.sh: CoreDNS $COREDNS_VERSION" >&2
  require_go
  build_of_module "github.com/coredns/coredns@v$COREDNS_VERSION" "$scratch/coredns" .
  mv "$scratch/coredns" "$tools/bin/coredns-$COREDNS_VERSION"
}
