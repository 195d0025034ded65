# The images: the function, which is the default target; `argocd`, the same with kustomize for a sidecar of Argo CD;
# `gateway-network-flux`, the controller for Flux; and `node`, in which node agents and routers run.
#
# Base images are pinned by exact tag and can be replaced by build arguments, with a digest (name:tag@sha256:...) where a registry
# can be asked for one. The function's runtime base has to bring glibc and a user `nobody`: kustomize and kpt start functions as
# that user, by name.
ARG NODE_BASE_IMAGE=docker.io/library/debian:13.7-slim
ARG NODE_IMAGE=docker.io/library/node:24.21.0-bookworm-slim
ARG BASE_IMAGE=docker.io/library/debian:12.15-slim
ARG KUSTOMIZE_IMAGE=registry.k8s.io/kustomize/kustomize:v5.8.1
# What labels say. `npm run release` sets the last two from the commit, and `npm version` writes the first.
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z

# What the programs of `node` run, and are run by.
FROM ${NODE_BASE_IMAGE} AS node-tools
# The packages are Debian's at one moment, security fixes included, so that every build takes the same ones. A later moment brings
# later fixes; MIRROR=http://deb.debian.org with an empty SNAPSHOT takes those of the day.
ARG MIRROR=http://snapshot.debian.org/archive
ARG SNAPSHOT=20261124T000000Z
# Sources of its own for apt, whose signatures are checked; the base's stay as they are. keepalived's SNMP library is linked with
# libperl and brings all of Perl along, of which only that library is unpacked.
RUN set -eu; \
  . /etc/os-release; \
  mkdir /tmp/sources; \
  for archive in "debian $VERSION_CODENAME $VERSION_CODENAME-updates" "debian-security $VERSION_CODENAME-security"; do \
    echo "Types: deb"; \
    echo "URIs: $MIRROR/${archive%% *}${SNAPSHOT:+/$SNAPSHOT}"; \
    echo "Suites: ${archive#* }"; \
    echo "Components: main"; \
    echo "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg"; \
    echo "${SNAPSHOT:+Check-Valid-Until: no}"; \
    echo; \
  done >/tmp/sources/image.sources; \
  export DEBIAN_FRONTEND=noninteractive; \
  apt() { apt-get -qq -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts=/tmp/sources "$@"; }; \
  apt update; \
  apt upgrade --yes; \
  apt install --yes --no-install-recommends \
    -o DPkg::Options::=--path-exclude='/usr/share/perl/*' \
    -o DPkg::Options::=--path-exclude='/usr/lib/*/perl/*' \
    -o DPkg::Options::=--path-exclude='/usr/share/snmp/mibs/*' \
    -o DPkg::Options::=--path-exclude='/usr/share/misc/pci.ids*' \
    -o DPkg::Options::=--path-exclude='/usr/bin/qjsc' \
    busybox conntrack conntrackd dnsmasq-base ethtool iproute2 iptables iputils-ping keepalived nftables quickjs \
    wireguard-go wireguard-tools; \
  ln -s ../lib/gateway-network/gateway-network /usr/local/bin/gateway-network; \
  rm -rf /tmp/sources /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/cache/ldconfig \
    /var/log/apt /var/log/alternatives.log /var/log/dpkg.log
ARG VERSION
ARG REVISION
ARG CREATED
LABEL org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.source="https://github.com/gateway-network-fn/gateway-network-fn" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.created="${CREATED}" \
  io.artifacthub.package.license="Apache-2.0" \
  io.artifacthub.package.category="networking" \
  io.artifacthub.package.keywords="egress-gateway,krm-function,kubernetes,multus,vpn,vxlan"
LABEL org.opencontainers.image.title="gateway-network-node" \
  org.opencontainers.image.description="The programs of the node agents and the routers of gateway networks, on Debian" \
  io.artifacthub.package.readme-url="https://raw.githubusercontent.com/gateway-network-fn/gateway-network-fn/v${VERSION}/docs/node-image.md"
# root: only root keeps capabilities, and the manifests give it NET_ADMIN alone. They say what is started as well.
USER 0:0

FROM ${NODE_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
COPY runtimes runtimes
RUN npm ci --prefer-offline
COPY . .
# Without a Bun there would be a link to the bundle, which needs a Node.
RUN npm run build && test ! -L dist/gateway-network-fn

FROM node-tools AS node
COPY --from=build /src/dist/node /usr/local/lib/gateway-network

# What the other three images begin with. Artifact Hub shows `readme-url`, `created` and the description.
FROM ${BASE_IMAGE} AS labelled
ARG VERSION
ARG REVISION
ARG CREATED
LABEL org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.source="https://github.com/gateway-network-fn/gateway-network-fn" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.created="${CREATED}" \
  io.artifacthub.package.license="Apache-2.0" \
  io.artifacthub.package.category="networking" \
  io.artifacthub.package.keywords="egress-gateway,krm-function,kubernetes,multus,vpn,vxlan"

FROM labelled AS gateway-network-flux
ARG VERSION
LABEL org.opencontainers.image.title="gateway-network-flux" \
  org.opencontainers.image.description="Source controller for Flux that renders GatewayNetworks and publishes ExternalArtifacts" \
  io.artifacthub.package.readme-url="https://raw.githubusercontent.com/gateway-network-fn/gateway-network-fn/v${VERSION}/docs/flux.md"
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build /src/dist/flux /usr/local/lib/gateway-network-flux
USER 65534:65534
ENTRYPOINT ["/usr/local/bin/node", "/usr/local/lib/gateway-network-flux/controller.mjs"]

FROM labelled AS program
COPY --from=build /src/dist/gateway-network-fn /usr/local/bin/gateway-network-fn
COPY deploy/argo-cd/plugin.yaml /home/argocd/cmp-server/config/plugin.yaml

FROM ${KUSTOMIZE_IMAGE} AS kustomize

FROM program AS argocd
ARG VERSION
LABEL org.opencontainers.image.title="gateway-network-argocd" \
  org.opencontainers.image.description="Config management plugin of Argo CD that expands GatewayNetworks, with kustomize" \
  io.artifacthub.package.readme-url="https://raw.githubusercontent.com/gateway-network-fn/gateway-network-fn/v${VERSION}/docs/argo-cd.md"
COPY --from=kustomize /app/kustomize /usr/local/bin/kustomize
# The user that Argo CD asks sidecars to run as; its repo-server mounts the program that is started.
USER 999:999
ENTRYPOINT ["/var/run/argocd/argocd-cmp-server"]

FROM program AS function
ARG VERSION
LABEL org.opencontainers.image.title="gateway-network-fn" \
  org.opencontainers.image.description="KRM function that expands GatewayNetworks into the manifests of gateway networks" \
  io.artifacthub.package.readme-url="https://raw.githubusercontent.com/gateway-network-fn/gateway-network-fn/v${VERSION}/README.md"
# nobody, by number: kubelet cannot tell from a name that a user is not root.
USER 65534:65534
ENTRYPOINT ["/usr/local/bin/gateway-network-fn"]
