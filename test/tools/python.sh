# shellcheck shell=bash
# What comes from PyPI. Sourced by install.sh, which sets $tools, $scratch and the versions.
: "${tools:?}" "${scratch:?}"

# kubernetes-validate-<version> in the tools folder: a link into a virtual environment of its own, which is made where it stays,
# since its paths are absolute. The link comes last, so that a run that was cut short starts afresh.
install_validator() {
  local name=kubernetes-validate-$KUBERNETES_VALIDATE_VERSION
  if [[ -x $tools/bin/$name ]]; then return; fi
  echo "install.sh: kubernetes-validate $KUBERNETES_VALIDATE_VERSION" >&2
  require_commands python3:python3
  python3 -c 'import ensurepip' 2>/dev/null || require_commands none:python3-venv
  python3 -m venv --clear "$tools/$name"
  "$tools/$name/bin/pip" install --quiet --disable-pip-version-check "kubernetes-validate==$KUBERNETES_VALIDATE_VERSION"
  ln -sf "../$name/bin/kubernetes-validate" "$tools/bin/$name"
}
