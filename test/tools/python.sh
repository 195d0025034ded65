# shellcheck shell=bash
# What comes from PyPI: the validator that knows the OpenAPI schemas of Kubernetes. Sourced by install.sh.
: "${tools:?}"

# kubernetes-validate-<version> in the tools folder, in a virtual environment of its own.
install_validate() {
  local name=kubernetes-validate-$KUBERNETES_VALIDATE_VERSION
  if [[ -x $tools/bin/$name ]]; then return; fi
  echo "install.sh: $name" >&2
  if ! python3 -m venv "$tools/$name" >/dev/null 2>&1; then
    apt-get -qq update
    DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 install --yes --no-install-recommends python3 python3-venv >/dev/null
    python3 -m venv --clear "$tools/$name"
  fi
  "$tools/$name/bin/pip" --quiet --disable-pip-version-check install "kubernetes-validate==$KUBERNETES_VALIDATE_VERSION"
  ln -s "../$name/bin/kubernetes-validate" "$tools/bin/$name"
}
