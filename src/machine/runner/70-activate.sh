# From a delivered release to one that runs.

# activate ID: makes the release the active one and starts its steps; prints the journal line to follow from.
activate() {
  local lock
  use_release "$1"
  if [[ ! -d $RELEASE_DIR || ! -e $RELEASE_STATE_DIR/plan.sh ]]; then die "release $RELEASE is not on this machine"; fi
  mkdir -p -- "$RUN"
  exec {lock}>"$RUN/activate.lock"
  flock "$lock"
  install -d -m 0755 -- "$LOGS"
  install -d -m 0700 -- "$STATE"
  : >>"$JOURNAL"
  if [[ ! -L $CURRENT || $(readlink -- "$CURRENT") != "$RELEASE_DIR" ]]; then make_current; fi
  load_journal
  # It gave up after too many starts: whoever asks now has mended what was wrong.
  if systemctl is-failed --quiet spot-runner.service; then systemctl reset-failed spot-runner.service; fi
  if needs_start; then
    mend_journal
    load_journal
    ATTEMPT_LINE=$((JOURNAL_LINES + 1))
    journal release started title "Release $RELEASE"
    systemctl restart --no-block spot-runner.service
  else
    # Nothing changes when it runs already.
    if [[ $RELEASE_STATE != "done" ]]; then systemctl start --no-block spot-runner.service; fi
  fi
  printf 'follow %s\n' "$ATTEMPT_LINE"
}

make_current() {
  # A runner that is at work on another release gives way.
  if systemctl is-active --quiet spot-runner.service; then systemctl stop spot-runner.service; fi
  replace_link "$RELEASE_STATE_DIR/release.json" "$STATE/release.json"
  replace_link "$DEPLOY_LOG" /opt/deployment.log
  # The unit is new to systemd, or changed with the runner.
  if [[ $(systemctl show --property=NeedDaemonReload --value spot-runner.service) == yes ]]; then systemctl daemon-reload; fi
  systemctl enable --quiet --no-reload spot-runner.service
  # Last, because it says that the rest is in place.
  replace_link "$RELEASE_DIR" "$CURRENT"
}

# remove_old_releases: what is on the machine of others than RELEASE and the one that was finished before it. A release
# that is just arriving is left alone, by the lock of src/machine/receive.ts; then it is the next one that removes.
remove_old_releases() {
  local lock line previous='' path id
  exec {lock}<>"$RUN/receiver"
  if ! flock --nonblock "$lock"; then return 0; fi
  # Whoever wants the lock ends the process group that stands here, and that one is not ours.
  : >"$RUN/receiver"
  while IFS= read -r line; do
    if journal_fields "$line" && [[ $REPLY_STEP == release && $REPLY_STATE == "done" && $REPLY_RELEASE != "$RELEASE" ]]; then
      previous=$REPLY_RELEASE
    fi
  done <"$JOURNAL"
  for path in "$RELEASES"/* "$STATE"/releases/*; do
    id=${path##*/}
    if [[ ! -d $path || $id == *.partial || $id == "$RELEASE" || $id == "$previous" ]]; then continue; fi
    keep_secrets "$id"
    if ! rm -rf -- "$path"; then header "could not remove $path"; fi
  done
  exec {lock}>&-
}

# needs_start: was nothing done about this release yet, or did a step of it fail?
needs_start() {
  local state
  case $RELEASE_STATE in
    none | failed) return 0 ;;
  esac
  if [[ $RELEASE_STATE != "done" ]]; then return 1; fi
  for state in "${STEP_STATE[@]}"; do
    if [[ $state == failed || $state == timeout ]]; then return 0; fi
  done
  return 1
}

# keep_secrets RELEASE: what was sent with it as a secret stays, each content once and for root alone, because the logs
# that may quote it stay too; src/machine/secret-files.ts fetches it.
keep_secrets() {
  local path digest kept=$STATE/former-secrets
  if [[ ! -f $STATE/releases/$1/secrets ]]; then return 0; fi
  install -d -m 0700 -- "$kept"
  while IFS= read -r -d '' path; do
    path=$RELEASES/$1/$path
    if [[ ! -f $path ]]; then continue; fi
    digest=$(sha256sum <"$path")
    install -m 0600 -- "$path" "$kept/${digest%% *}"
  done <"$STATE/releases/$1/secrets"
}
