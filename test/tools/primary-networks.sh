# shellcheck shell=bash
# What connects pods in the clusters of the tests beside plain CNI plugins: flannel and kube-router, built from their
# modules. Sourced by install.sh, which sets $tools, $scratch and the versions.
: "${tools:?}" "${scratch:?}"

install_primary_networks() {
  install_flannel
  install_kube_router
}

# flannel/<version> in the tools folder: flanneld, what installs its configuration, its plugin, and the manifests. The
# plugin is of the last release of the CNI plugins that had it, since no proxy serves its own module. Two backends are
# left out: one wants a module that no proxy serves, and one a C compiler.
install_flannel() {
  local module=github.com/flannel-io/flannel@v$FLANNEL_VERSION plugins=github.com/containernetworking/plugins@v$FLANNEL_PLUGIN_VERSION
  local folder=$tools/flannel/$FLANNEL_VERSION-$FLANNEL_PLUGIN_VERSION
  if [[ -e $folder ]]; then return; fi
  echo "install.sh: flannel $FLANNEL_VERSION" >&2
  require_go
  mkdir -p "$tools/flannel" "$scratch/flannel"
  download_source "$module"
  sed -i '/pkg\/backend\/\(tencentvpc\|udp\)"/d' "$scratch/source/$module/main.go"
  build_of_module "$module" "$scratch/flannel/flanneld" .
  build_of_module "$module" "$scratch/flannel/install-conf" ./cmd/install_conf
  build_of_module "$plugins" "$scratch/flannel/flannel" ./plugins/meta/flannel
  cp "$scratch/source/$module/Documentation/kube-flannel.yml" "$scratch/flannel/"
  mv -T "$scratch/flannel" "$folder"
}

# kube-router/<version> in the tools folder: the program, its manifests, and ipset, which it runs, of the release of
# the node image.
install_kube_router() {
  local module=github.com/cloudnativelabs/kube-router/v2@v$KUBE_ROUTER_VERSION folder=$tools/kube-router/$KUBE_ROUTER_VERSION archive
  if [[ -e $folder ]]; then return; fi
  echo "install.sh: kube-router $KUBE_ROUTER_VERSION" >&2
  require_go
  mkdir -p "$tools/kube-router" "$scratch/kube-router/ipset" "$scratch/ipset"
  build_of_module "$module" "$scratch/kube-router/kube-router" ./cmd/kube-router
  cp "$scratch/source/$module/daemonset/generic-kuberouter-all-features.yaml" "$scratch/kube-router/"
  apt_of_suite "$NODE_BASE_SUITE" update
  (cd "$scratch/ipset" && apt_of_suite "$NODE_BASE_SUITE" download ipset libipset13t64)
  for archive in "$scratch"/ipset/*.deb; do dpkg-deb -x "$archive" "$scratch/kube-router/ipset"; done
  rm -rf "$scratch/kube-router/ipset/usr/share"
  mv -T "$scratch/kube-router" "$folder"
}
