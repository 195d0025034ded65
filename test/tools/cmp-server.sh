# shellcheck shell=bash
# Argo CD's server for plugins, and a program of ours that asks it with Argo CD's own code, both built from Argo CD's
# module. Sourced by install.sh, which sets $tools, $scratch and the versions.
: "${tools:?}" "${scratch:?}"

# cmp-server/<version>-<hash of the client> in the tools folder.
install_cmp_server() {
  local here folder module=github.com/argoproj/argo-cd/v3
  here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
  folder=$tools/cmp-server/$CMP_SERVER_VERSION-$(sha256sum <"$here/cmp-client/main.go" | cut -c 1-12)
  if [[ -e $folder ]]; then return; fi
  echo "install.sh: cmp-server $CMP_SERVER_VERSION" >&2
  require_go
  (cd "$scratch" && run_go mod download "$module@v$CMP_SERVER_VERSION")
  cp -r "$scratch/modules/$module@v$CMP_SERVER_VERSION" "$scratch/argo-cd-source"
  chmod -R u+w "$scratch/argo-cd-source"
  mkdir -p "$tools/cmp-server" "$scratch/cmp-server"
  cp -r "$here/cmp-server" "$here/cmp-client" "$scratch/argo-cd-source/"
  (
    cd "$scratch/argo-cd-source"
    CGO_ENABLED=0 run_go build -mod=mod -ldflags "-s -w" -o "$scratch/cmp-server/argocd-cmp-server" ./cmp-server 2>"$scratch/log"
    CGO_ENABLED=0 run_go build -mod=mod -ldflags "-s -w" -o "$scratch/cmp-server/cmp-client" ./cmp-client 2>"$scratch/log"
  ) || {
    cat "$scratch/log" >&2
    return 1
  }
  mv -T "$scratch/cmp-server" "$folder"
}
