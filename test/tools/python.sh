# shellcheck shell=bash
# What comes from PyPI. Sourced by install.sh, which sets $tools, $scratch and the versions.
: "${tools:?}" "${scratch:?}"

# The validators of manifests and of SBOMs.
install_validator() {
  python_program kubernetes-validate "$KUBERNETES_VALIDATE_VERSION" kubernetes-validate
  python_program spdx-tools "$SPDX_TOOLS_VERSION" pyspdxtools
}

# <package>-<version> in the tools folder: a link to the package's command in a virtual environment of its own, which is
# made where it stays, since its paths are absolute. The link comes last, so that a run that was cut short starts afresh.
python_program() {
  local name=$1-$2 command=$3
  if [[ -x $tools/bin/$name ]]; then return; fi
  echo "install.sh: $1 $2" >&2
  require_commands python3:python3
  python3 -c 'import ensurepip' 2>/dev/null || require_commands none:python3-venv
  python3 -m venv --clear "$tools/$name"
  "$tools/$name/bin/pip" install --quiet --disable-pip-version-check "$1==$2"
  ln -sf "../$name/bin/$command" "$tools/bin/$name"
}
