#!/usr/bin/env bash
# Installs what the tests need beside npm's packages, each tool only where it is missing.
#
#   test/tools/install.sh [packages|kubectl|kustomize|kpt|validator|base|node-image|cni|api-server|cluster|argo-cd|flux|multus|prometheus|pod-security|yaml-reader|site|helm|cmp-server]...
#
# Without arguments: all but cmp-server, which only `npm run test:cmp-server` uses. Debian packages go to the system
# (needs root); everything else goes to the tools folder, $GATEWAY_NETWORK_FN_TOOLS or
# ~/.cache/gateway-network-fn/tools.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
tools=${GATEWAY_NETWORK_FN_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/gateway-network-fn/tools}

mkdir -p "$tools/bin"
scratch=$(mktemp -d "$tools/install.XXXXXX")
# The module cache is read-only: make it writable before it goes.
trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT

# shellcheck source-path=SCRIPTDIR source=versions.sh disable=SC1091
. "$here/versions.sh"
# shellcheck source-path=SCRIPTDIR source=debian.sh disable=SC1091
. "$here/debian.sh"
# shellcheck source-path=SCRIPTDIR source=image.sh disable=SC1091
. "$here/image.sh"
# shellcheck source-path=SCRIPTDIR source=go.sh disable=SC1091
. "$here/go.sh"
# shellcheck source-path=SCRIPTDIR source=api-server.sh disable=SC1091
. "$here/api-server.sh"
# shellcheck source-path=SCRIPTDIR source=cluster.sh disable=SC1091
. "$here/cluster.sh"
# shellcheck source-path=SCRIPTDIR source=primary-networks.sh disable=SC1091
. "$here/primary-networks.sh"
# shellcheck source-path=SCRIPTDIR source=flux.sh disable=SC1091
. "$here/flux.sh"
# shellcheck source-path=SCRIPTDIR source=multus.sh disable=SC1091
. "$here/multus.sh"
# shellcheck source-path=SCRIPTDIR source=prometheus.sh disable=SC1091
. "$here/prometheus.sh"
# shellcheck source-path=SCRIPTDIR source=cmp-server.sh disable=SC1091
. "$here/cmp-server.sh"
# shellcheck source-path=SCRIPTDIR source=python.sh disable=SC1091
. "$here/python.sh"
# shellcheck source-path=SCRIPTDIR source=site.sh disable=SC1091
. "$here/site.sh"

if (($# == 0)); then
  set -- packages kubectl kustomize kpt helm validator base node-image cni api-server cluster argo-cd flux multus prometheus pod-security yaml-reader site
fi
for tool; do
  case $tool in
    packages | kubectl | kustomize | kpt | validator | base | node-image | cni | api-server | cluster | argo-cd | flux | multus | prometheus | pod-security | yaml-reader | site | helm | cmp-server) "install_${tool//-/_}" ;;
    *)
      echo "install.sh: unknown tool: $tool" >&2
      exit 2
      ;;
  esac
done
