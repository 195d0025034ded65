# shellcheck shell=bash
# Prometheus, its promtool, and the kinds of the Prometheus Operator. Sourced by install.sh, which sets $tools, $scratch
# and the versions.
: "${tools:?}" "${scratch:?}"

# prometheus/<version> in the tools folder: the two programs, unpacked from their packages and not installed, and the
# CustomResourceDefinitions of our kinds, as they are in the operator's module.
install_prometheus() {
  if compgen -G "$tools/prometheus/*" >/dev/null; then return; fi
  echo "install.sh: Prometheus of Debian $PROMETHEUS_SUITE, CRDs of its operator $PROMETHEUS_OPERATOR_VERSION" >&2
  local module=github.com/prometheus-operator/prometheus-operator@v$PROMETHEUS_OPERATOR_VERSION package version
  apt_of_suite "$PROMETHEUS_SUITE" update
  (cd "$scratch" && apt_of_suite "$PROMETHEUS_SUITE" download prometheus promtool)
  for package in prometheus promtool; do dpkg-deb -x "$scratch/${package}"_*.deb "$scratch/prometheus"; done
  require_go
  (cd "$scratch" && run_go mod download "$module")
  mkdir -p "$tools/prometheus" "$scratch/prometheus-programs"
  mv "$scratch"/prometheus/usr/bin/{prometheus,promtool} "$scratch/prometheus-programs/"
  cp "$scratch/modules/$module"/example/prometheus-operator-crd/*_{podmonitors,prometheusrules}.yaml "$scratch/prometheus-programs/"
  chmod u+w "$scratch"/prometheus-programs/*.yaml
  version=$("$scratch/prometheus-programs/promtool" --version | sed -n 's/^promtool, version \([0-9.]*\).*/\1/p')
  mv -T "$scratch/prometheus-programs" "$tools/prometheus/${version:?}"
}
