# shellcheck shell=bash
# What comes from PyPI. Sourced by install.sh, which sets $tools, $scratch and the versions.
: "${tools:?}" "${scratch:?}"

# kubernetes-validate in a virtual environment of its own, which is made where it stays: its paths are absolute. The command is
# the last thing that pip writes, and a run that was cut short starts afresh.
install_validator() {
  local environment=$tools/kubernetes-validate-$KUBERNETES_VALIDATE_VERSION
  if [[ -x $environment/bin/kubernetes-validate ]]; then return; fi
  echo "install.sh: kubernetes-validate $KUBERNETES_VALIDATE_VERSION" >&2
  require_commands python3:python3
  python3 -c 'import ensurepip' 2>/dev/null || require_commands none:python3-venv
  python3 -m venv --clear "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check "kubernetes-validate==$KUBERNETES_VALIDATE_VERSION"
}
