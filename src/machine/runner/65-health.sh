# The steps after the scripts: health and finish.

# look_at_health → MISSING ports, INACTIVE units; fails when there are any.
look_at_health() {
  look_at_sockets
  missing_ports
  INACTIVE=()
  # Only then, as systemctl costs more than a look at the sockets.
  if ((${#MISSING[@]} == 0)); then inactive_units "${UNITS_ADOPTED[@]}"; fi
  ((${#MISSING[@]} == 0 && ${#INACTIVE[@]} == 0))
}

health_step() {
  local deadline ports
  # It works at every boot, and a machine that it still changes is not ready.
  wait_for_cloud_init
  deadline=$((SECONDS + ${STEP_TIMEOUT[$STEP]}))
  adopted_units
  while ! look_at_health; do
    if ((SECONDS >= deadline)); then fail_health; fi
    pause 0.1
  done
  join ', ' "${PORTS[@]}"
  ports=${REPLY:-none asked for}
  join ', ' "${UNITS_ADOPTED[@]}"
  say "ports listened on: $ports; services active: ${REPLY:-none}"
}

fail_health() {
  local reason unit log
  if ((${#MISSING[@]})); then
    join ', ' "${MISSING[@]}"
    reason="nothing listens on port $REPLY after ${STEP_TIMEOUT[$STEP]} seconds"
    describe_listeners
    reason+="; listened on: $REPLY"
    inactive_units "${UNITS_ADOPTED[@]}"
  else
    reason="the ports are listened on, but not everything runs after ${STEP_TIMEOUT[$STEP]} seconds"
  fi
  join ', ' "${INACTIVE[@]}"
  if [[ -n $REPLY ]]; then reason+="; not active: $REPLY"; fi
  for unit in "${UNITS_ADOPTED[@]}"; do
    log=${unit#spot-}
    log=$LOGS/${log%.service}.log
    say "the end of $log:"
    say "$(tail -n 20 -- "$log")"
  done
  fail_step "$reason"
}

# Records every delivered entry as it is now, so that a later look can tell what the project's own steps changed
# from what was changed afterwards.
finish_step() {
  list_entries >"$RELEASE_STATE_DIR/activated.new"
  mv -T -- "$RELEASE_STATE_DIR/activated.new" "$RELEASE_STATE_DIR/activated"
  say 'recorded every file as it is now'
}

# existing_entries: the delivered entries that still exist, each as ./PATH with a NUL.
existing_entries() {
  local path
  while IFS= read -r -d '' path; do
    if [[ -e $path || -L $path ]]; then printf '%s\0' "$path"; fi
  done <"$RELEASE_STATE_DIR/delivered"
}

# list_entries: NUL-ended records about the delivered entries: `entry TYPE MODE UID:GID SIZE ./PATH`, each
# followed by `target LINK-TARGET`; then `digest SHA256  ./PATH` for every file.
list_entries() {
  cd -- "$RELEASE_DIR"
  if [[ -e $RELEASE_STATE_DIR/delivered ]]; then
    existing_entries | xargs -0 -r bash -c 'exec find "$@" -maxdepth 0 -printf "entry %y %m %U:%G %s %p\0target %l\0"' find
    existing_entries | xargs -0 -r bash -c 'exec find "$@" -maxdepth 0 -type f -print0' find |
      xargs -0 -r sha256sum -z -- | sed -z 's/^/digest /'
  fi
  cd /
}
