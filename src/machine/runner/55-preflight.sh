# The steps before anything of the project runs: preflight and files.

readonly CLOUD_INIT_RESULT=/run/cloud-init/result.json
readonly CLOUD_INIT_OUTPUT=/var/log/cloud-init-output.log
readonly CLOUD_INIT_TIMEOUT=900

# cloud_init_state → REPLY: absent, disabled, running or done.
cloud_init_state() {
  if [[ -e /run/cloud-init/disabled ]]; then
    REPLY=disabled
  elif [[ -e $CLOUD_INIT_RESULT ]]; then
    REPLY="done"
  elif [[ -e /run/cloud-init ]] || type -P cloud-init >/dev/null; then
    REPLY=running
  else
    REPLY=absent
  fi
}

# Waits for the file that cloud-init leaves at its end: `cloud-init status` would cost 0.3 s of Python each time.
wait_for_cloud_init() {
  local deadline=$((SECONDS + CLOUD_INIT_TIMEOUT)) state
  cloud_init_state
  state=$REPLY
  if [[ $state == running ]]; then
    journal "$STEP" progress reason 'cloud-init is still at work'
    say 'cloud-init is still at work'
  fi
  while [[ $state == running ]]; do
    if ((SECONDS >= deadline)); then fail_step "cloud-init did not end within $CLOUD_INIT_TIMEOUT seconds" timeout; fi
    pause 0.02
    cloud_init_state
    state=$REPLY
  done
  case $state in
    "done") require_cloud_init_success ;;
    *) say "cloud-init is $state on this machine" ;;
  esac
}

# cloud-init writes its result with one error a line (json.dumps with an indent).
require_cloud_init_success() {
  local errors
  errors=$(sed -n '/"errors": \[$/,/^ *\],\{0,1\}$/ { /"errors": \[$/d; /^ *\],\{0,1\}$/d; s/^ *//; p }' "$CLOUD_INIT_RESULT")
  if [[ -n $errors ]]; then
    # Its errors are Python's; what apt said of a package stands here, above the closing line and the host keys.
    if [[ -r $CLOUD_INIT_OUTPUT ]]; then
      say "$(sed '/^Cloud-init v\. .* finished at /,$d' -- "$CLOUD_INIT_OUTPUT" | tail -n 8)"
    fi
    say "cloud-init failed:"
    say "$errors"
    fail_step "cloud-init failed: ${errors//$'\n'/ }"
  fi
  say 'cloud-init ended without errors'
}

require_tools() {
  local tool missing=()
  for tool in curl find flock gzip sha256sum ss systemctl tar xargs; do
    if ! type -P "$tool" >/dev/null; then missing+=("$tool"); fi
  done
  if ((${#missing[@]})); then
    join ', ' "${missing[@]}"
    fail_step "the image lacks programs that every step needs: $REPLY"
  fi
}

# require_space MEGABYTES
require_space() {
  local free
  free=$(df --block-size=1M --output=avail -- "$RELEASES")
  free=${free##*[!0-9]}
  say "$free MB are free on the disk"
  if ((free < $1)); then fail_step "only $free MB are free on the disk, $1 MB are needed"; fi
}

preflight_step() {
  wait_for_cloud_init
  require_tools
  require_space "${STEP_FREE[$STEP]}"
}

# Compares every file with its digest, and notes what was delivered: later, a script's own files lie beside it.
files_step() {
  local report status=0 differing
  cd -- "$RELEASE_DIR"
  report=$(sha256sum --check --strict --quiet -- "$RELEASE_STATE_DIR/files.sha256" 2>&1) || status=$?
  if ((status)); then
    say "$report"
    differing=$(grep -c ': FAILED' <<<"$report") || differing=no
    join ', ' "${report%%$'\n'*}"
    fail_step "$differing files differ from what was sent; the first: $REPLY" failed "$status"
  fi
  find . -mindepth 1 -print0 >"$RELEASE_STATE_DIR/delivered.new"
  mv -T -- "$RELEASE_STATE_DIR/delivered.new" "$RELEASE_STATE_DIR/delivered"
  cd /
  say 'every file is as it was sent'
}
