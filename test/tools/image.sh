# shellcheck shell=bash
# The image that node agents and routers run in, without their programs, which tests mount as they are built: the target
# node-tools of the Dockerfile. Sourced by install.sh, which sets $tools, $scratch and
# the versions.
: "${tools:?}" "${scratch:?}" "${here:?}"

# Prints what the image is known by, a digest of all that makes it: test/engines/tool.ts computes the same.
node_image_key() {
  { echo "$NODE_BASE_SUITE" && cat "$here/image.sh" "$here/../../Dockerfile"; } | sha256sum | cut -c 1-12
}

# node-image/<key> in the tools folder, with image.tar, an OCI archive, and rootfs, the same unpacked.
install_node_image() {
  local folder
  folder=$tools/node-image/$(node_image_key)
  if [[ -e $folder ]]; then return; fi
  require_base "$NODE_BASE_SUITE"
  require_commands buildah:buildah
  echo "install.sh: node image" >&2
  mkdir -p "$tools/node-image" "$scratch/node-image"
  build_node_image "$scratch/node-image" 2>"$scratch/log" || {
    cat "$scratch/log" >&2
    return 1
  }
  mv -T "$scratch/node-image" "$folder"
}

# buildah with a storage of its own that needs no mounts.
run_buildah() {
  buildah --root "$scratch/images" --runroot "$scratch/run" --storage-driver vfs "$@"
}

# Fills a folder with the image.
build_node_image() {
  local folder=$1 mirror snapshot container
  mirror=$(debian_mirror)
  snapshot=${mirror##*/debian}
  container=$(run_buildah from scratch) &&
    run_buildah add --quiet "$container" "$tools/base-$NODE_BASE_SUITE.tar" / &&
    run_buildah commit --quiet --rm "$container" localhost/base &&
    run_buildah bud --quiet --isolation=chroot --pull-never --target=node-tools --build-arg=NODE_BASE_IMAGE=localhost/base \
      --build-arg=MIRROR="${mirror%/debian*}" --build-arg=SNAPSHOT="${snapshot#/}" \
      --build-arg=VERSION=1.2.3 --build-arg=REVISION=abc --tag=localhost/node "$here/../.." &&
    run_buildah push --quiet localhost/node "oci-archive:$folder/image.tar:localhost/gateway-network-node:test" &&
    container=$(run_buildah from --pull-never localhost/node) &&
    cp -a "$(run_buildah mount "$container")" "$folder/rootfs"
} >/dev/null
