# shellcheck shell=bash
# What is built from source with Go: kustomize, kpt, helm, the CNI plugins and the checks of the Pod Security
# Standards, all from their modules. Sourced by install.sh, which sets $tools, $scratch and the versions.
: "${tools:?}" "${scratch:?}"

# Runs go with caches of its own, which go away with the scratch folder.
run_go() {
  local go
  go=$(go_command)
  GOFLAGS=-trimpath GOTOOLCHAIN=local GOROOT='' GOWORK=off GOPATH="$scratch/gopath" GOMODCACHE="$scratch/modules" \
    GOCACHE="$scratch/build" GOBIN="$scratch/gobin" "$go" "$@"
}

# Prints the path of a Go of at least $GO_VERSION: the machine's own, or that release itself.
go_command() {
  local own
  own=$(command -v go || true)
  if [[ -n $own ]] && go_is_recent "$own"; then
    echo "$own"
  else
    echo "$scratch/go/bin/go"
  fi
}

# Whether a go command is at least $GO_VERSION.
go_is_recent() {
  local version
  version=$(GOTOOLCHAIN=local "$1" env GOVERSION)
  printf '%s\n' "$GO_VERSION" "${version#go}" | sort --check=quiet --version-sort
}

# Makes sure of a Go that is recent enough. Releases of Go are modules too: any older Go can download one, checked
# against the checksum database. A module carries no modes and no go.mod files of nested modules, so both are put
# back.
require_go() {
  [[ ! -x $(go_command) ]] || return 0
  local old module
  old=$(command -v go || true)
  if [[ -z $old ]]; then
    require_commands go:golang-go
    old=$(command -v go)
  fi
  echo "install.sh: Go $GO_VERSION" >&2
  module=golang.org/toolchain@v0.0.1-go$GO_VERSION.linux-$(dpkg --print-architecture)
  (cd "$scratch" && GOTOOLCHAIN=local GOFLAGS='' GOPATH="$scratch/gopath" GOMODCACHE="$scratch/modules" "$old" mod download "$module")
  mv "$scratch/modules/$module" "$scratch/go"
  chmod -R u+w "$scratch/go"
  chmod -R +x "$scratch/go/bin" "$scratch/go/pkg/tool"
  find "$scratch/go" -name _go.mod -execdir mv _go.mod go.mod \;
}

# Builds <name>-<version> in the tools folder from the main package of a module, unless it is there.
build_program() {
  local name=$1 version=$2 package=$3 flags=$4
  if [[ -x $tools/bin/$name-$version ]]; then return; fi
  echo "install.sh: $name $version" >&2
  require_go
  CGO_ENABLED=0 run_go install -ldflags "-s -w $flags" "$package@v$version" 2>"$scratch/log" || {
    cat "$scratch/log" >&2
    return 1
  }
  mv "$scratch/gobin/$name" "$tools/bin/$name-$version"
}

# Unpacks a module where it may be changed: source/<module> in the scratch folder.
download_source() {
  local module=$1
  if [[ -d $scratch/source/$module ]]; then return; fi
  mkdir -p "$scratch/source/${module%/*}"
  (cd "$scratch" && run_go mod download "$module")
  cp -r "$scratch/modules/$module" "$scratch/source/$module"
  chmod -R u+w "$scratch/source/$module"
}

# Builds packages of a module that replaces others, which `go install` does not take.
build_of_module() {
  local module=$1 output=$2
  shift 2
  download_source "$module"
  (cd "$scratch/source/$module" && CGO_ENABLED=0 run_go build -mod=mod -ldflags "-s -w" -o "$output" "$@" 2>"$scratch/log") || {
    cat "$scratch/log" >&2
    return 1
  }
}

install_kustomize() {
  local version
  for version in $KUSTOMIZE_VERSIONS; do
    build_program kustomize "$version" sigs.k8s.io/kustomize/kustomize/v5 "-X sigs.k8s.io/kustomize/api/provenance.version=v$version"
  done
}

install_helm() {
  build_program helm "$HELM_VERSION" helm.sh/helm/v3/cmd/helm ""
}

# kpt imports, for its command `alpha rollouts`, a module that no proxy serves. That command is left out; `kpt fn` is
# as released.
install_kpt() {
  if [[ -x $tools/bin/kpt-$KPT_VERSION ]]; then return; fi
  echo "install.sh: kpt $KPT_VERSION" >&2
  require_commands gcc:gcc
  echo '#include <stdlib.h>' | gcc -E - >/dev/null 2>&1 || require_commands none:libc6-dev
  require_go
  local module=github.com/kptdev/kpt source=$scratch/kpt
  (cd "$scratch" && run_go mod download "$module@v$KPT_VERSION")
  cp -r "$scratch/modules/$module@v$KPT_VERSION" "$source"
  chmod -R u+w "$source"
  rm -r "$source/commands/alpha/rollouts"
  sed -i '/rollouts/d' "$source/commands/alpha/alphacmd.go"
  (
    cd "$source"
    run_go mod edit -droprequire "$module/rollouts"
    run_go build -mod=mod -ldflags "-s -w -X $module/run.version=$KPT_VERSION" -o "$scratch/kpt-$KPT_VERSION" . 2>"$scratch/log"
  ) || {
    cat "$scratch/log" >&2
    return 1
  }
  mv "$scratch/kpt-$KPT_VERSION" "$tools/bin/"
}

# The plugins of the Container Network Interface that the tests configure: Debian's in /usr/lib/cni, and cni/<version>
# in the tools folder.
install_cni() {
  require_commands /usr/lib/cni/bridge:containernetworking-plugins
  local module=github.com/containernetworking/plugins folder=$tools/cni/$CNI_PLUGINS_VERSION plugin packages=()
  for plugin in main/bridge main/loopback main/macvlan main/ptp ipam/host-local ipam/static meta/tuning; do
    [[ -x $folder/${plugin#*/} ]] || packages+=("$module/plugins/$plugin@v$CNI_PLUGINS_VERSION")
  done
  if ((${#packages[@]} == 0)); then return; fi
  echo "install.sh: CNI plugins $CNI_PLUGINS_VERSION" >&2
  require_go
  CGO_ENABLED=0 run_go install -ldflags "-s -w -X $module/pkg/utils/buildversion.BuildVersion=v$CNI_PLUGINS_VERSION" \
    "${packages[@]}" 2>"$scratch/log" || {
    cat "$scratch/log" >&2
    return 1
  }
  mkdir -p "$folder"
  for plugin in "${packages[@]}"; do
    plugin=${plugin##*/}
    mv "$scratch/gobin/${plugin%@*}" "$folder/"
  done
}

# The checks that an API server makes when it admits pods, with a program of ours around them.
install_pod_security() {
  build_own pod-security "$POD_SECURITY_VERSION" pod-security-admission
}

# The reader of YAML that kubectl has, with a program of ours around it.
install_yaml_reader() {
  build_own yaml-reader "$YAML_READER_VERSION" apimachinery
}

# Builds <name>-<version> in the tools folder from the folder of that name here, whose go.mod names the module in that
# version.
build_own() {
  local name=$1 version=$2 module=$3 program=$1-$2 source
  source=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/$name" && pwd)
  if [[ -x $tools/bin/$program ]]; then return; fi
  echo "install.sh: $name $version" >&2
  grep --quiet --fixed-strings "$module v$version" "$source/go.mod" || {
    echo "install.sh: versions.sh and $name/go.mod name different versions" >&2
    return 1
  }
  require_go
  (cd "$source" && CGO_ENABLED=0 run_go build -ldflags "-s -w" -o "$scratch/$program" . 2>"$scratch/log") || {
    cat "$scratch/log" >&2
    return 1
  }
  mv "$scratch/$program" "$tools/bin/"
}
