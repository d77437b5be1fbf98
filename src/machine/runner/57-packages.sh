# Debian packages that the release asks for. cloud-init has installed them on a machine that was launched for this
# release; one that runs already gets what was added since.

# is_installed PACKAGE[=VERSION]
is_installed() {
  local name=${1%%=*} found
  if ! found=$(dpkg-query --show --showformat='${db:Status-Status} ${Version}' -- "$name" 2>/dev/null); then return 1; fi
  if [[ $1 == *=* ]]; then [[ $found == "installed ${1#*=}" ]]; else [[ $found == installed\ * ]]; fi
}

packages_step() {
  local package line missing=() status=0
  step_words "$STEP"
  for package in "${WORDS[@]}"; do
    if ! is_installed "$package"; then missing+=("$package"); fi
  done
  if ((${#missing[@]} == 0)); then
    say 'every package is installed'
    return 0
  fi
  join ', ' "${missing[@]}"
  say "installs $REPLY"
  if ! type -P apt-get >/dev/null; then fail_step "this image has no apt-get to install $REPLY with"; fi
  { DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get --quiet --quiet update &&
    DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get --quiet --assume-yes install -- "${missing[@]}"; } \
    </dev/null 2>&1 | while IFS= read -r line; do say "$line"; done || status=${PIPESTATUS[0]}
  if ((status)); then fail_step "apt-get could not install $REPLY: $(grep '^E: ' -- "$LOG" | tail -n 1)" failed "$status"; fi
}
