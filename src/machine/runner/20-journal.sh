# The journal: one line of JSON a change of a step; src/machine/journal.ts names its fields.

# What the journal says about RELEASE; filled by load_journal.
declare -A STEP_STATE
# HEALTH_BOOT is the boot in which the release's health was looked at last.
RELEASE_STATE=none RELEASE_AT='' RELEASE_BOOT='' HEALTH_BOOT=''
# Number of lines, and the line with which the latest attempt at RELEASE began.
JOURNAL_LINES=0 ATTEMPT_LINE=1

# journal STEP STATE [KEY VALUE]…: appends a line. `seconds`, `exit` and `port` are numbers, other keys are strings.
journal() {
  local line
  timestamp
  line="{\"at\":\"$REPLY\",\"release\":\"$RELEASE\",\"boot\":\"$BOOT\",\"step\":\"$1\",\"state\":\"$2\""
  shift 2
  while (($#)); do
    case $1 in
      seconds | exit | port) REPLY=$2 ;;
      *) json_string "$2" ;;
    esac
    line+=",\"$1\":$REPLY"
    shift 2
  done
  printf '%s}\n' "$line" >>"$JOURNAL"
}

# A line that a loss of power cut short is ended, so that the next one starts on its own.
mend_journal() {
  if [[ -s $JOURNAL && -n $(tail -c 1 -- "$JOURNAL") ]]; then printf '\n' >>"$JOURNAL"; fi
}

# journal_fields LINE → REPLY_RELEASE REPLY_BOOT REPLY_STEP REPLY_STATE REPLY_AT; fails for what is no journal line.
# A pattern is enough, because journal above is the only writer and keeps this order.
readonly JOURNAL_PATTERN='^\{"at":"([^"]*)","release":"([^"]*)","boot":"([^"]*)","step":"([^"]*)","state":"([^"]*)".*\}$'
journal_fields() {
  if [[ ! $1 =~ $JOURNAL_PATTERN ]]; then return 1; fi
  REPLY_AT=${BASH_REMATCH[1]} REPLY_RELEASE=${BASH_REMATCH[2]} REPLY_BOOT=${BASH_REMATCH[3]}
  REPLY_STEP=${BASH_REMATCH[4]} REPLY_STATE=${BASH_REMATCH[5]}
}

# load_journal: what happened to RELEASE so far.
load_journal() {
  local line
  STEP_STATE=() RELEASE_STATE=none RELEASE_AT='' RELEASE_BOOT='' HEALTH_BOOT=''
  JOURNAL_LINES=0 ATTEMPT_LINE=1
  if [[ ! -e $JOURNAL ]]; then return 0; fi
  while IFS= read -r line; do
    JOURNAL_LINES=$((JOURNAL_LINES + 1))
    if ! journal_fields "$line"; then continue; fi
    if [[ $REPLY_RELEASE != "$RELEASE" ]]; then
      if [[ $REPLY_STEP == release && $REPLY_STATE == started ]]; then forget_release; fi
      continue
    fi
    if [[ $REPLY_STEP == release ]]; then
      RELEASE_STATE=$REPLY_STATE RELEASE_BOOT=$REPLY_BOOT RELEASE_AT=$REPLY_AT
      if [[ $REPLY_STATE == started ]]; then ATTEMPT_LINE=$JOURNAL_LINES; fi
    else
      STEP_STATE[$REPLY_STEP]=$REPLY_STATE
      if [[ $REPLY_STEP == health ]]; then HEALTH_BOOT=$REPLY_BOOT; fi
    fi
  done <"$JOURNAL"
}

# Another release was activated in between: the scripts of this one have to run again. Its files are compared once
# only, since scripts may change them; unless it was removed meanwhile and has come again.
forget_release() {
  local files=${STEP_STATE[files]:-none}
  STEP_STATE=()
  if [[ $files == "done" && -e $RELEASE_STATE_DIR/delivered ]]; then STEP_STATE[files]=$files; fi
  RELEASE_STATE=none RELEASE_AT='' RELEASE_BOOT='' HEALTH_BOOT=''
}

# step_ended STEP: it need not run again.
step_ended() {
  [[ ${STEP_STATE[$1]:-none} == "done" || ${STEP_STATE[$1]:-none} == adopted ]]
}
