# The step that runs a script and waits for it.

# Between two looks at a running script.
readonly LOOK_SECONDS=0.25

script_step() {
  local unit exit_code
  unit_of "$STEP"
  unit=$REPLY
  if script_under_way "$STEP"; then
    read -r STEP_BEGAN <"$RUN/$STEP/began"
    journal "$STEP" progress reason 'the runner came back; the script went on meanwhile'
  else
    begin_step "$STEP"
    remove_units_of_other_releases
    start_unit "$unit"
  fi
  wait_for_script "$unit"
  if [[ ${STEP_STATE[$STEP]:-} == adopted ]]; then return 0; fi
  copy_output
  read -r exit_code <"$RUN/$STEP/exit"
  if ((exit_code)); then
    describe_exit "$exit_code"
    fail_step "${STEP_TITLE[$STEP]} $REPLY" failed "$exit_code"
  fi
  settle_script "$unit"
}

# script_under_way STEP: was it started in this boot by a runner that is gone? Then it is waited for, not repeated.
script_under_way() {
  local release
  if [[ ! -e $RUN/$1/release ]]; then return 1; fi
  read -r release <"$RUN/$1/release"
  [[ $release == "$RELEASE" && ${STEP_STATE[$1]:-none} =~ ^(started|progress)$ ]]
}

# Copies what the script printed since the last time into the log of the whole.
copy_output() {
  local copied size
  read -r copied <"$RUN/$STEP/copied"
  size=$(stat --format=%s -- "$LOG")
  if ((size <= copied)); then return 0; fi
  dd if="$LOG" iflag=skip_bytes,count_bytes bs=64K skip="$copied" count="$((size - copied))" status=none >>"$DEPLOY_LOG"
  printf '%s\n' "$size" >"$RUN/$STEP/copied"
}

# wait_for_script UNIT: until it ended (RUN/STEP/exit is there) or was adopted.
wait_for_script() {
  local unit=$1 folder=$RUN/$STEP wake nothing deadline looks=0 told=no seen_port='' seen_since=0
  read -r deadline <"$folder/deadline"
  # Opened before the first look at `exit`, so that the wrapper's knock cannot be missed.
  exec {wake}<>"$folder/wake"
  while [[ ! -e $folder/exit ]]; do
    if read -r -t "$LOOK_SECONDS" -u "$wake" nothing; then continue; fi
    copy_output
    microseconds
    if ((REPLY >= deadline)); then end_at_timeout "$unit"; fi
    looks=$((looks + 1))
    if ((looks % 4 == 0)); then require_living_unit "$unit"; fi
    if [[ ${STEP_ADOPT[$STEP]} != yes ]]; then continue; fi

    look_at_sockets "$unit"
    served_port
    microseconds
    if [[ -z $SERVED || $SERVED != "$seen_port" ]]; then
      seen_port=$SERVED seen_since=$REPLY
    elif ((REPLY - seen_since >= LISTENING_MICROSECONDS)); then
      adopt_script "$unit" "it still runs and listens on port $SERVED"
      break
    fi
    if [[ $told == no && -z $SERVED ]]; then tell_strange_ports; fi
  done
  exec {wake}>&-
}

end_at_timeout() {
  local reason
  join ', ' "${OWNED[@]}"
  reason="${STEP_TITLE[$STEP]} did not end within ${STEP_TIMEOUT[$STEP]} seconds and was stopped"
  if [[ -n $REPLY ]]; then reason+="; it listened on $REPLY"; fi
  systemctl stop -- "$1"
  copy_output
  fail_step "$reason" timeout
}

# describe_exit CODE → REPLY
describe_exit() {
  REPLY="ended with exit code $1"
  case $1 in
    126) REPLY+=' (a program is not executable)' ;;
    127) REPLY+=' (a program was not found)' ;;
    129 | 1[3-5][0-9]) REPLY+=" (a program was killed by SIG$(kill -l "$(($1 - 128))"))" ;;
  esac
}
