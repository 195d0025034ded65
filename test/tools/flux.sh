# shellcheck shell=bash
# The controllers of Flux that the tests run beside ours, built from their modules. Sourced by install.sh, which sets
# $tools, $scratch and the versions.
: "${tools:?}" "${scratch:?}"

install_flux() {
  build_flux_controller kustomize-controller "$FLUX_VERSION"
  build_flux_controller source-controller "$SOURCE_CONTROLLER_VERSION"
}

# <name>-<version> in the tools folder. Each replaces the module of its API by a folder of its repository, which its
# own module does not carry: the published one of the same release takes its place.
build_flux_controller() {
  local name=$1 version=$2 module=github.com/fluxcd/$1
  if [[ -x $tools/bin/$name-$version ]]; then return; fi
  echo "install.sh: $name $version" >&2
  require_go
  (cd "$scratch" && run_go mod download "$module@v$version")
  cp -r "$scratch/modules/$module@v$version" "$scratch/$name"
  chmod -R u+w "$scratch/$name"
  (
    cd "$scratch/$name"
    run_go mod edit "-dropreplace=$module/api" "-require=$module/api@v$version"
    CGO_ENABLED=0 run_go build -mod=mod -ldflags "-s -w" -o "$scratch/$name-$version" . 2>"$scratch/log"
  ) || {
    cat "$scratch/log" >&2
    return 1
  }
  mv "$scratch/$name-$version" "$tools/bin/"
}
