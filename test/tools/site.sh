# shellcheck shell=bash
# The npm packages of the site, which have a lock of their own: what makes its pages, and what drives a browser in its
# tests. Sourced by install.sh, which sets $here.
: "${here:?}"

install_site() {
  local site=$here/../../site
  if [[ $site/node_modules/.package-lock.json -nt $site/package-lock.json ]]; then return; fi
  echo "install.sh: npm packages of the site" >&2
  npm ci --prefix "$site" --loglevel=error --silent
}
