# shellcheck shell=bash
# Node, the dependencies and the bundle; each made only when it is missing or out of date.

node_is_new_enough() {
  command -v node >/dev/null && command -v npm >/dev/null &&
    node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major > 20 || (major == 20 && minor >= 20) ? 0 : 1)'
}

packaged_node_is_new_enough() {
  local version
  refresh_package_index
  version=$(candidate_version nodejs)
  [ -n "$version" ] && dpkg --compare-versions "$version" ge 20.20
}

# A Node that is there but old belongs to someone: it is never replaced, only reported.
ensure_node() {
  node_is_new_enough && return
  if ! command -v node >/dev/null && can_install && packaged_node_is_new_enough; then
    install_packages nodejs npm
    node_is_new_enough && return
  fi
  fail "Node 20.20 or newer with npm is needed; $(command -v node >/dev/null && node --version || echo none) is here." \
    'Debian, Ubuntu: curl -fsSL https://deb.nodesource.com/setup_22.x | sudo -E bash - && sudo apt-get install -y nodejs' \
    'macOS:          brew install node@22' \
    'Elsewhere:      https://nodejs.org/en/download'
}

# The lock file that node_modules was installed from is kept inside it, so that a removed folder forgets it too.
ensure_dependencies() {
  local installed=node_modules/.installed-package-lock.json
  cmp -s package-lock.json "$installed" && return
  say 'Installing the dependencies (npm ci)'
  quietly npm ci --ignore-scripts --no-audit --no-fund
  cp package-lock.json "$installed"
}

# Folders are compared as well as files: a removed file shows only in its folder's time.
ensure_bundle() {
  [ -f dist/spot.js ] &&
    [ -z "$(find src rolldown.config.ts package.json package-lock.json -newer dist/spot.js)" ] && return
  say 'Building dist/ (npm run build)'
  quietly npm run build
}
