# What the controller reads while the steps run; src/machine/follow.ts is the other end.

readonly FOLLOW_PAUSE=0.03
readonly ALIVE_SECONDS=5
# src/machine/follow.ts knows it as exitRunnerGone.
readonly EXIT_RUNNER_GONE=11

# take_line FD NAME → REPLY: the next whole line; fails when there is none yet. A line that is being written is
# kept in the variable NAME until its end is there.
take_line() {
  local -n unfinished=$2
  local part
  if IFS= read -r -u "$1" part; then
    REPLY=$unfinished$part unfinished=''
    return 0
  fi
  unfinished+=$part
  return 1
}

# follow FROM [SKIP]: prints `J <line>` for the journal from line FROM (1-based), `O <step> <text>` for what the
# running step prints, but for its first SKIP lines, and `P` every five seconds. Ends with the last line of the
# journal when that says done, failed or rebooting; with EXIT_RUNNER_GONE when nothing works on the release any more.
# Only builtins, and a short look at the runner every five seconds: no process can be left behind when the connection
# is cut, and the next line after that ends this one by SIGPIPE.
follow() {
  local from=${1:-1} skip=${2:-0} journal number=0 rest='' ended=no ended_boot='' alive=$SECONDS idle=0
  FOLLOWED='' FOLLOWED_FD='' FOLLOWED_REST='' SKIPPED=0
  if [[ ! $from$skip =~ ^[0-9]+$ ]]; then die 'follow: FROM and SKIP are numbers'; fi
  if [[ ! -e $JOURNAL ]]; then follow_gone 'the journal is gone'; fi
  find_latest_attempts
  exec {journal}<"$JOURNAL"
  while :; do
    while take_line "$journal" rest; do
      number=$((number + 1))
      ended=no idle=0
      if journal_fields "$REPLY"; then
        follow_change "$number" "$REPLY" "$((number >= from))" "$skip"
        if [[ $REPLY_STEP == release ]]; then ended=$REPLY_STATE ended_boot=$REPLY_BOOT; fi
      elif ((number >= from)); then
        printf 'J %s\n' "$REPLY"
      fi
      if ((number >= from)); then skip=0; fi
    done
    case $ended in
      done | failed) return 0 ;;
      # Whoever has that line already waits for what comes after the reboot.
      rebooting) if ((number >= from)); then return 0; fi ;;
    esac
    print_output
    if ((SECONDS - alive >= ALIVE_SECONDS)); then
      printf 'P\n'
      alive=$SECONDS
      if [[ $ended == rebooting && $ended_boot == "$BOOT" ]] || runner_is_at_work; then idle=0; else idle=$((idle + 1)); fi
      # Once could be the moment between a journal line and the start of the runner.
      if ((idle == 2)); then follow_gone "spot-runner.service is $REPLY, and the release is at no end"; fi
    fi
    pause "$FOLLOW_PAUSE"
  done
}

# runner_is_at_work: does it run, or is it about to? → REPLY: how its unit is
runner_is_at_work() {
  local properties
  properties=$(systemctl show --property=ActiveState,Job -- spot-runner.service)
  REPLY=${properties#*ActiveState=}
  REPLY=${REPLY%%$'\n'*}
  if [[ $properties =~ Job=[1-9] ]]; then return 0; fi
  [[ $REPLY != failed && $REPLY != inactive ]]
}

# follow_gone REASON: says on stderr why, and what the runner said last.
follow_gone() {
  printf 'runner: %s\n' "$1" >&2
  journalctl --unit=spot-runner.service --lines=5 --output=cat --no-pager >&2 || true
  exit "$EXIT_RUNNER_GONE"
}

# find_latest_attempts → LATEST_ATTEMPT: step → the number of the journal line with which it began last. A step's
# log holds what it printed then; what it printed in earlier attempts is not shown.
find_latest_attempts() {
  local line number=0
  declare -gA LATEST_ATTEMPT=()
  while IFS= read -r line; do
    number=$((number + 1))
    if journal_fields "$line" && [[ $REPLY_STATE == started ]]; then LATEST_ATTEMPT[$REPLY_STEP]=$number; fi
  done <"$JOURNAL"
}

# follow_change NUMBER LINE SHOWN SKIP: a journal line, with what the step printed before it.
follow_change() {
  local number=$1 line=$2 shown=$3 skip=$4
  case $REPLY_STATE in
    started | progress | rebooting) ;;
    *) if ((shown)); then print_output end; fi ;;
  esac
  if ((shown)); then printf 'J %s\n' "$line"; fi
  if [[ $REPLY_STEP == release ]]; then return 0; fi
  case $REPLY_STATE in
    started)
      close_output
      if ((number >= ${LATEST_ATTEMPT[$REPLY_STEP]:-0})); then open_output "$REPLY_STEP" "$((shown ? 0 : skip))"; fi
      ;;
    progress) ;;
    *) close_output ;;
  esac
}

# open_output STEP SKIP
open_output() {
  if [[ ! -e $LOGS/$1.log ]]; then return 0; fi
  FOLLOWED=$1
  exec {FOLLOWED_FD}<"$LOGS/$1.log"
  for (( ; $2 > SKIPPED; SKIPPED++)); do
    if ! take_line "$FOLLOWED_FD" FOLLOWED_REST; then return 0; fi
  done
}

close_output() {
  if [[ -n $FOLLOWED ]]; then exec {FOLLOWED_FD}>&-; fi
  FOLLOWED='' FOLLOWED_REST='' SKIPPED=0
}

# print_output [end]: what the step printed since the last time; at its end also a line without a line end.
print_output() {
  if [[ -z $FOLLOWED ]]; then return 0; fi
  while take_line "$FOLLOWED_FD" FOLLOWED_REST; do printf 'O %s %s\n' "$FOLLOWED" "$REPLY"; done
  if [[ ${1:-} == end && -n $FOLLOWED_REST ]]; then
    printf 'O %s %s\n' "$FOLLOWED" "$FOLLOWED_REST"
    FOLLOWED_REST=''
  fi
}
