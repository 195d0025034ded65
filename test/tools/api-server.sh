# shellcheck shell=bash
# What the tests run a Kubernetes API server with: etcd, kube-apiserver, and manifests of Flux and Argo CD.
# Sourced by install.sh, which sets $tools, $scratch and the versions.
: "${tools:?}" "${scratch:?}"

# etcd and kube-apiserver are left out where KUBEBUILDER_ASSETS names a folder that has them.
install_api_server() {
  if [[ ! -x ${KUBEBUILDER_ASSETS:-}/etcd ]]; then install_etcd; fi
  if [[ ! -x ${KUBEBUILDER_ASSETS:-}/kube-apiserver ]]; then install_kubernetes; fi
  install_flux_crds
}

# etcd-<version> in the tools folder, unpacked from its package and not installed. A suite of its own: the machine's
# release may have one that is too old for the API server.
install_etcd() {
  if compgen -G "$tools/bin/etcd-*" >/dev/null; then return; fi
  echo "install.sh: etcd of Debian $ETCD_SUITE" >&2
  apt_of_suite "$ETCD_SUITE" update
  (cd "$scratch" && apt_of_suite "$ETCD_SUITE" download etcd-server)
  dpkg-deb -x "$scratch"/etcd-server_*.deb "$scratch/etcd"
  local version
  version=$("$scratch/etcd/usr/bin/etcd" --version | sed -n 's/^etcd Version: //p')
  mv "$scratch/etcd/usr/bin/etcd" "$tools/bin/etcd-${version:?}"
}

# flux-crds/<version> in the tools folder, as they are in the modules of the controllers.
install_flux_crds() {
  if [[ -e $tools/flux-crds/$FLUX_VERSION ]]; then return; fi
  echo "install.sh: CRDs of Flux $FLUX_VERSION" >&2
  require_go
  local controller module
  mkdir -p "$tools/flux-crds" "$scratch/flux-crds"
  for controller in source kustomize; do
    module=github.com/fluxcd/$controller-controller@v$FLUX_VERSION
    (cd "$scratch" && run_go mod download "$module")
    cp "$scratch/modules/$module"/config/crd/bases/*.yaml "$scratch/flux-crds/"
  done
  chmod u+w "$scratch"/flux-crds/*
  mv -T "$scratch/flux-crds" "$tools/flux-crds/$FLUX_VERSION"
}

# argo-cd/<version> in the tools folder: the kustomization of the repo-server and the CustomResourceDefinitions, as
# they are in its module.
install_argo_cd() {
  if [[ -e $tools/argo-cd/$ARGO_CD_VERSION ]]; then return; fi
  echo "install.sh: manifests of Argo CD $ARGO_CD_VERSION" >&2
  require_go
  local module=github.com/argoproj/argo-cd/v3@v$ARGO_CD_VERSION
  (cd "$scratch" && run_go mod download "$module")
  mkdir -p "$tools/argo-cd" "$scratch/argo-cd"
  cp -r "$scratch/modules/$module"/manifests/{crds,base/repo-server,base/config} "$scratch/argo-cd/"
  chmod -R u+w "$scratch/argo-cd"
  mv -T "$scratch/argo-cd" "$tools/argo-cd/$ARGO_CD_VERSION"
}
