# shellcheck shell=bash
# Multus and whereabouts, built from their modules. Sourced by install.sh, which sets $tools, $scratch and the versions.
: "${tools:?}" "${scratch:?}"

# multus/<version>-<version> in the tools folder: the programs, and the CustomResourceDefinitions of whereabouts.
install_multus() {
  local folder=$tools/multus/$MULTUS_VERSION-$WHEREABOUTS_VERSION whereabouts=github.com/k8snetworkplumbingwg/whereabouts@v$WHEREABOUTS_VERSION
  if [[ -e $folder ]]; then return; fi
  echo "install.sh: Multus $MULTUS_VERSION and whereabouts $WHEREABOUTS_VERSION" >&2
  require_go
  mkdir -p "$tools/multus" "$scratch/multus"
  build_cni_program "gopkg.in/k8snetworkplumbingwg/multus-cni.v4@v$MULTUS_VERSION" cmd/multus multus
  build_cni_program "$whereabouts" cmd whereabouts
  cp "$scratch/modules/$whereabouts"/doc/crds/whereabouts.cni.cncf.io_*.yaml "$scratch/multus/"
  chmod u+w "$scratch"/multus/*
  mv -T "$scratch/multus" "$folder"
}

# A program of a module that replaces others, which `go install` does not take.
build_cni_program() {
  local module=$1 package=$2 name=$3
  (cd "$scratch" && run_go mod download "$module")
  cp -r "$scratch/modules/$module" "$scratch/$name-source"
  chmod -R u+w "$scratch/$name-source"
  (cd "$scratch/$name-source" && CGO_ENABLED=0 run_go build -mod=mod -ldflags "-s -w" -o "$scratch/multus/$name" "./$package" 2>"$scratch/log") || {
    cat "$scratch/log" >&2
    return 1
  }
}
