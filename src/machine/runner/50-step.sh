# How a step begins, speaks and ends.

# The running step, its log, and when it began (microseconds).
STEP='' LOG='' STEP_BEGAN=0

# header TEXT: a line in deploy.log that tells the steps apart.
header() {
  timestamp
  printf '== %s %s\n' "$REPLY" "$1" >>"$DEPLOY_LOG"
}

# say TEXT: into the running step's log and the log of the whole.
say() {
  printf '%s\n' "$1" >>"$LOG"
  printf '%s\n' "$1" >>"$DEPLOY_LOG"
}

# select_step STEP: what follows is about it.
select_step() {
  STEP=$1
  LOG=$LOGS/$STEP.log
  microseconds
  STEP_BEGAN=$REPLY
}

# begin_step STEP: with an empty log; the log of the attempt before is kept as STEP.log.1.
begin_step() {
  local title
  select_step "$1"
  if [[ -e $LOG ]]; then mv -- "$LOG" "$LOG.1"; fi
  : >"$LOG"
  title=${STEP_TITLE[$STEP]}
  header "$STEP: $title"
  journal "$STEP" started title "$title" log "$LOG"
}

# step_seconds → REPLY: how long the step took, as `1.234`.
step_seconds() {
  local micro
  microseconds
  micro=$((REPLY - STEP_BEGAN))
  printf -v REPLY '%d.%03d' $((micro / 1000000)) $((micro / 1000 % 1000))
}

# end_step STATE [KEY VALUE]…
end_step() {
  local state=$1
  shift
  step_seconds
  journal "$STEP" "$state" seconds "$REPLY" "$@" log "$LOG"
  STEP_STATE[$STEP]=$state
}

# fail_step REASON [STATE [EXIT]]: the step and with it the release failed; nothing runs after it.
fail_step() {
  local reason=$1 state=${2:-failed} exit_words=()
  if (($# > 2)); then exit_words=(exit "$3"); fi
  header "$STEP $state: $reason"
  end_step "$state" "${exit_words[@]}" reason "$reason"
  # A finished release stays finished when a later boot finds its health failing: `report` and `verify` say so.
  if [[ $RELEASE_STATE != "done" ]]; then journal release failed reason "$STEP: $reason"; fi
  STEP=
  exit "$EXIT_RELEASE_FAILED"
}
