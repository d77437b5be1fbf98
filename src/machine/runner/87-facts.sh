# How the machine is, in all detail. Nothing is judged here.

# record KIND TEXT: one NUL-ended record of facts.
record() {
  printf '%s %s\0' "$1" "$2"
}

# facts: NUL-ended records, `KIND TEXT` each, with `end` as the last; src/machine/facts.ts reads them.
facts() {
  local path
  record boot "$BOOT"
  uptime
  record uptime "$REPLY"
  cloud_init_state
  record cloud-init "$REPLY"
  if [[ $REPLY == "done" ]]; then record cloud-init-result "$(<"$CLOUD_INIT_RESULT")"; fi
  for path in "$RELEASES" "${RUNNER%/*}" "$STATE" "$LOGS"; do
    if [[ -d $path ]]; then stat --printf='directory %a %U:%G %n\0' -- "$path"; fi
  done
  for path in "$CURRENT" "$STATE/release.json"; do
    if [[ -L $path ]]; then record "link" "$path $(readlink -- "$path")"; fi
  done
  look_at_sockets
  for path in "${LISTENING[@]}"; do record listening "$path ${LISTENER[$path]:-unknown}"; done
  failed_units
  for path in "${FAILED_UNITS[@]}"; do record failed-unit "$path"; done
  if use_current_release; then
    load_plan
    load_journal
    release_facts
  fi
  printf 'end\0'
}

release_facts() {
  local line entries
  record release "$RELEASE"
  if plan_reboots; then record reboot yes; else record reboot no; fi
  while IFS= read -r line; do
    if journal_fields "$line" && [[ $REPLY_RELEASE == "$RELEASE" ]]; then record journal "$line"; fi
  done <"$JOURNAL"
  adopted_units
  unit_facts spot-runner.service "${UNITS_ADOPTED[@]}"

  entries=$(mktemp "$RUN/entries.XXXXXX")
  list_entries >"$entries"
  cat -- "$entries"
  if [[ ! -e $RELEASE_STATE_DIR/activated ]]; then
    record activated none
  elif cmp --silent -- "$entries" "$RELEASE_STATE_DIR/activated"; then
    # The usual case, for which 20,000 records need not be sent twice.
    record activated same
  else
    record activated differs
    cat -- "$RELEASE_STATE_DIR/activated"
  fi
  rm -- "$entries"
}

# unit_facts UNIT…: `unit NAME ACTIVE SUB ENABLED RESTARTS RESULT SECONDS`, the last since it became active.
unit_facts() {
  local unit properties property kernel_seconds
  local -A value
  read -r kernel_seconds _ </proc/uptime
  for unit in "$@"; do
    properties=$(systemctl show --property=ActiveState,SubState,UnitFileState,NRestarts,Result,ActiveEnterTimestampMonotonic -- "$unit")
    while IFS= read -r property; do value[${property%%=*}]=${property#*=}; done <<<"$properties"
    record unit "$unit ${value[ActiveState]} ${value[SubState]} ${value[UnitFileState]:-none} ${value[NRestarts]} ${value[Result]} $((${kernel_seconds%.*} - value[ActiveEnterTimestampMonotonic] / 1000000))"
  done
}
