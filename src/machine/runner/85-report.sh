# How the machine is, in one line.

# report: one line of JSON; src/machine/report.ts names its fields.
report() {
  local phase=unknown step='' since='' health=unknown problems=() id problem list release=null quoted=()
  if use_current_release; then
    load_plan
    load_journal
    release=\"$RELEASE\" since=$RELEASE_AT
    case $RELEASE_STATE in
      started | progress) phase=activating ;;
      rebooting) phase=rebooting ;;
      done) phase=ready ;;
      failed) phase=failed ;;
    esac
    for id in "${STEPS[@]}"; do
      if step_ended "$id" || [[ -z ${STEP_STATE[$id]:-} ]]; then continue; fi
      step=$id
    done
    if [[ $phase == ready ]]; then
      find_problems
      health=ok
      if ((${#problems[@]})); then health=failing; fi
    elif [[ $phase == failed ]]; then
      health=failing
      problems=("${step:-the release} failed")
    fi
  fi
  for problem in "${problems[@]}"; do
    json_string "$problem"
    quoted+=("$REPLY")
  done
  join , "${quoted[@]}"
  list=$REPLY
  uptime
  printf '{"release":%s,"phase":"%s","step":%s,"since":%s,"health":"%s","problems":[%s],"boot":"%s","uptime":%s}\n' \
    "$release" "$phase" "${step:+\"}${step:-null}${step:+\"}" "${since:+\"}${since:-null}${since:+\"}" \
    "$health" "$list" "$BOOT" "$REPLY"
}

# find_problems: adds to `problems` of report.
find_problems() {
  local port unit
  adopted_units
  look_at_sockets
  missing_ports
  inactive_units "${UNITS_ADOPTED[@]}"
  failed_units
  for port in "${MISSING[@]}"; do problems+=("nothing listens on port $port"); done
  for unit in "${INACTIVE[@]}"; do problems+=("not active: $unit"); done
  for unit in "${FAILED_UNITS[@]}"; do
    if [[ " ${INACTIVE[*]} " != *" $unit "* ]]; then problems+=("failed: $unit"); fi
  done
}
