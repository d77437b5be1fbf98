# The steps in order, and what a boot means for them.

# run: what spot-runner.service runs, after an activation and at every boot.
run() {
  local lock
  if ! use_current_release; then return 0; fi
  mkdir -p -- "$RUN"
  exec {lock}>"$RUN/runner.lock"
  # A runner that was killed may have left a short-lived child that holds the lock a little longer.
  if ! flock -w 5 "$lock"; then die 'another runner is at work'; fi
  trap 'note_defect "$?"' EXIT
  trap 'DEFECT="line $LINENO: $BASH_COMMAND"' ERR
  # systemd stops us at a shutdown; the next boot goes on.
  trap 'trap - EXIT; exit 0' TERM
  mend_journal
  load_plan
  load_journal
  case $RELEASE_STATE in
    none | started | progress) run_steps ;;
    rebooting) go_on_after_reboot ;;
    done) look_again_after_boot ;;
    failed) return 0 ;;
  esac
}

# note_defect STATUS: an end that nobody foresaw is a failed release too, never a silence. Where that cannot be written
# (the disk is full), systemd starts the runner again until it has seen enough; `follow` notices that.
DEFECT='unknown'
note_defect() {
  if (($1 == 0 || $1 == EXIT_RELEASE_FAILED)); then return 0; fi
  journal release failed reason "a defect of the runner itself, exit code $1 at $DEFECT"
  exit "$EXIT_RELEASE_FAILED"
}

run_steps() {
  local step
  if [[ -n $RELEASE_BOOT && $RELEASE_BOOT != "$BOOT" ]]; then
    journal release progress reason 'the machine was booted meanwhile; going on with the step that was cut'
  fi
  for step in "${STEPS[@]}"; do
    if step_ended "$step"; then continue; fi
    run_step "$step"
  done
  finish_release
}

# run_step STEP: returns when it ended well; ends the runner when it did not.
run_step() {
  select_step "$1"
  if [[ ${STEP_KIND[$STEP]} == script ]]; then
    script_step
    return 0
  fi
  begin_step "$STEP"
  "${STEP_KIND[$STEP]}_step"
  end_step "done"
}

# plan_reboots: does the plan end in a reboot?
plan_reboots() {
  local step
  for step in "${STEPS[@]}"; do
    if [[ ${STEP_REBOOT[$step]:-no} == yes ]]; then return 0; fi
  done
  return 1
}

finish_release() {
  if plan_reboots; then
    header 'the machine reboots'
    journal release rebooting
    reboot_machine
  else
    end_release
  fi
}

end_release() {
  header "release $RELEASE is active"
  journal release "done"
  remove_old_releases
}

reboot_machine() {
  sync
  systemctl reboot
}

# The reboot that the plan asks for: every check must hold again. Before it happened (the runner was killed in
# between) it is asked for once more.
go_on_after_reboot() {
  if [[ $RELEASE_BOOT == "$BOOT" ]]; then
    reboot_machine
    return 0
  fi
  header 'the machine came back'
  run_health_steps
  end_release
}

look_again_after_boot() {
  if [[ $RELEASE_BOOT == "$BOOT" || $HEALTH_BOOT == "$BOOT" ]]; then return 0; fi
  header 'the machine was booted'
  run_health_steps
}

run_health_steps() {
  local step
  for step in "${STEPS[@]}"; do
    if [[ ${STEP_KIND[$step]} == health ]]; then run_step "$step"; fi
  done
}
