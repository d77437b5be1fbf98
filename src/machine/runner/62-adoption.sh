# A script that serves is kept as a service.

# A port has to be listened on for so long before its script counts as a server.
readonly LISTENING_MICROSECONDS=1000000
# So long may a background process of a script that has ended take to listen.
readonly SETTLE_SECONDS=10

# served_port → SERVED: the port by which the unit counts as a server, or empty; after look_at_sockets UNIT.
served_port() {
  local port
  SERVED=''
  for port in "${OWNED[@]}"; do
    if ((${#PORTS[@]} == 0)) || contains "$port" "${PORTS[@]}"; then
      SERVED=$port
      return 0
    fi
  done
}

# tell_strange_ports: says once why a script that seems to serve is not adopted; after look_at_sockets UNIT.
tell_strange_ports() {
  local wanted reason
  join ', ' "${PORTS[@]}"
  wanted=$REPLY
  missing_ports
  if ((${#OWNED[@]})); then
    join ', ' "${OWNED[@]}"
    reason="it listens on $REPLY, which is not among the ports asked for: $wanted"
  elif ((${#PORTS[@]} > 0 && ${#MISSING[@]} == 0)); then
    describe_listeners
    reason="the ports asked for ($wanted) are served by programs outside of it: $REPLY; it is waited for until it ends"
  else
    return 0
  fi
  # The variable of wait_for_script.
  told=yes
  journal "$STEP" progress reason "$reason"
}

# adopt_script UNIT REASON: the script, which serves port SERVED, is a service from now on, also after a reboot. The running process is not
# touched. `runner exec` makes an end with 0 that leaves nothing behind a failure, so on-failure restarts it too.
adopt_script() {
  local unit=$1
  mkdir -p -- "$UNITS/$unit.d"
  chmod 755 -- "$UNITS/$unit.d"
  cat >"$UNITS/$unit.d/adopted.conf" <<'DROP_IN'
[Unit]
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
Restart=on-failure
RestartSec=2
DROP_IN
  chmod 644 -- "$UNITS/$unit.d/adopted.conf"
  bound_logs
  # This also makes systemd read the drop-in.
  systemctl enable --quiet -- "$unit"
  copy_output
  header "$STEP: adopted, $2"
  end_step adopted port "$SERVED" reason "$2; it is now $unit"
}

# bound_logs: a service writes for as long as the machine lives. Where the image has no logrotate, nothing bounds them.
bound_logs() {
  if [[ ! -d /etc/logrotate.d ]]; then return 0; fi
  cat >/etc/logrotate.d/spot-deployer <<ROTATION
$LOGS/*.log {
  size 50M
  rotate 1
  copytruncate
  missingok
}
ROTATION
  chmod 644 -- /etc/logrotate.d/spot-deployer
}

# settle_script UNIT: its script ended with 0. What it left in the background is kept, and adopted if it listens.
settle_script() {
  local unit=$1 deadline=$((SECONDS + SETTLE_SECONDS)) left
  unit_processes "$unit"
  left=$REPLY
  while ((left > 0 && SECONDS < deadline)) && [[ ${STEP_ADOPT[$STEP]} == yes ]]; do
    look_at_sockets "$unit"
    served_port
    if [[ -n $SERVED ]]; then
      adopt_script "$unit" "what it left in the background listens on port $SERVED"
      return 0
    fi
    pause "$LOOK_SECONDS"
    unit_processes "$unit"
    left=$REPLY
  done
  if ((left)); then
    header "$STEP: done, $left processes go on in the background"
    end_step "done" reason "$left of its processes go on in the background and will not survive a reboot"
    return 0
  fi
  remove_ended_unit "$unit"
  header "$STEP: done"
  end_step "done"
}
