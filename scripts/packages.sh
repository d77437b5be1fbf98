# shellcheck shell=bash
# Programs from the system's packages. As root on Debian and Ubuntu they are installed; anywhere else the
# reader is told the one command that does it.

can_install() {
  [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null
}

# Once a run, and only where something is missing: otherwise it is time lost at every run.
refresh_package_index() {
  [ -z "${package_index_is_fresh:-}" ] || return 0
  say 'Refreshing the package index (apt-get update)'
  quietly apt-get update -q
  package_index_is_fresh=yes
}

# install_packages PACKAGE...
install_packages() {
  refresh_package_index
  say "Installing $* (apt-get install)"
  quietly env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

# The version of a package that apt would install; nothing where there is none. Refresh the index before.
candidate_version() {
  apt-cache policy "$1" | sed -n 's/^ *Candidate: *\([0-9].*\)/\1/p'
}

# install_command PACKAGE...: what a person without our rights types instead.
install_command() {
  if command -v apt-get >/dev/null; then
    echo "sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
  elif command -v brew >/dev/null; then
    echo "brew install $*"
  else
    echo "Install with your system's package manager: $*"
  fi
}

# need_programs PROGRAM=PACKAGE...: makes sure of all of them, in one installation.
need_programs() {
  local pair missing=()
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
  done
  # The length first: bash 3.2 of macOS takes an empty array for an unset one.
  [ ${#missing[@]} -eq 0 ] && return
  can_install || fail "Missing: ${missing[*]}" "$(install_command "${missing[@]}")"
  install_packages "${missing[@]}"
}
