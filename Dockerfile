# The function as a container image.
#
# Base images are pinned by exact tag and can be replaced by build arguments, with a digest (name:tag@sha256:...) where a registry
# can be asked for one. The runtime base has to bring glibc and a user `nobody`: kustomize and kpt start functions as that user,
# by name.
ARG NODE_IMAGE=docker.io/library/node:24.21.0-bookworm-slim
ARG BASE_IMAGE=docker.io/library/debian:12.15-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --prefer-offline
COPY . .
RUN npm run build

FROM ${BASE_IMAGE} AS function
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="gateway-network-fn" \
  org.opencontainers.image.description="KRM function that expands GatewayNetworks into the manifests of gateway networks" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"
COPY --from=build /src/dist/gateway-network-fn /usr/local/bin/gateway-network-fn
# nobody, by number: kubelet cannot tell from a name that a user is not root.
USER 65534:65534
ENTRYPOINT ["/usr/local/bin/gateway-network-fn"]
