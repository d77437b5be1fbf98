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
