# shellcheck shell=bash
# Multus and whereabouts, built from their modules. Sourced by install.sh, which sets $tools, $scratch and the versions.
: "${tools:?}" "${scratch:?}"

# multus/<version>-<version> in the tools folder: their programs, and what they are installed with: manifests, and
# scripts of whereabouts' image.
install_multus() {
  local folder=$tools/multus/$MULTUS_VERSION-$WHEREABOUTS_VERSION
  local multus=gopkg.in/k8snetworkplumbingwg/multus-cni.v4@v$MULTUS_VERSION whereabouts=github.com/k8snetworkplumbingwg/whereabouts@v$WHEREABOUTS_VERSION
  if [[ -e $folder/ip-control-loop ]]; then return; fi
  echo "install.sh: Multus $MULTUS_VERSION and whereabouts $WHEREABOUTS_VERSION" >&2
  require_go
  rm -rf "$folder"
  mkdir -p "$tools/multus" "$scratch/multus"
  download_source "$multus"
  # It writes the address of the API server in brackets, which Go takes for IPv6 addresses only since 1.26.
  sed -i 's|://\[%s\]:|://%s:|' "$scratch/source/$multus/cmd/thin_entrypoint/main.go"
  build_of_module "$multus" "$scratch/multus/" ./cmd/{multus,thin_entrypoint,install_multus,multus-daemon,multus-shim,passthru-cni}
  mv "$scratch/multus/passthru-cni" "$scratch/multus/passthru"
  build_of_module "$whereabouts" "$scratch/multus/whereabouts" ./cmd
  build_of_module "$whereabouts" "$scratch/multus/ip-control-loop" ./cmd/controlloop
  cp "$scratch/modules/$multus"/deployments/multus-daemonset{,-thick}.yml \
    "$scratch/modules/$whereabouts"/{doc/crds/*.yaml,script/*.sh} "$scratch/multus/"
  chmod -R u+w "$scratch/multus"
  mv -T "$scratch/multus" "$folder"
}
