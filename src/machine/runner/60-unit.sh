# A script of the project runs in a systemd unit of its own, spot-STEP.service, so that it lives on when the
# runner does not. What this boot knows about it is in /run/spot/STEP/: release, began, deadline, wake (a pipe),
# exit, copied.

unit_of() {
  REPLY=spot-$1.service
}

# write_unit STEP UNIT. `runner exec` finds the program and its arguments in the plan, so nothing of the user's
# needs systemd's quoting.
write_unit() {
  cat >"$UNITS/$2.new" <<UNIT
[Unit]
Description=spot-deployer: step $1 of release $RELEASE

[Service]
Type=exec
ExecStart=$RUNNER exec $RELEASE $1
WorkingDirectory=$RELEASE_DIR
# A child left in the background outlives its script.
RemainAfterExit=yes
StandardOutput=append:$LOGS/$1.log
StandardError=append:$LOGS/$1.log
# The script learns itself that one of its children ran out of memory.
OOMPolicy=continue
# As in a login shell: \`yes | head\` ends quietly.
IgnoreSIGPIPE=no
TimeoutStopSec=10

[Install]
WantedBy=multi-user.target
UNIT
  chmod 644 -- "$UNITS/$2.new"
  mv -T -- "$UNITS/$2.new" "$UNITS/$2"
}

start_unit() {
  local unit=$1 folder=$RUN/$STEP
  if [[ -e $UNITS/$unit ]]; then remove_unit "$unit"; fi
  rm -rf -- "$folder"
  mkdir -p -- "$folder"
  mkfifo -- "$folder/wake"
  printf '%s\n' "$((STEP_BEGAN + ${STEP_TIMEOUT[$STEP]} * 1000000))" >"$folder/deadline"
  printf '%s\n' "$STEP_BEGAN" >"$folder/began"
  # What the runner itself has said in this log is in the other one already.
  stat --format=%s -- "$LOG" >"$folder/copied"
  write_unit "$STEP" "$unit"
  if ! systemctl start -- "$unit"; then fail_step "systemd could not start $unit"; fi
  # From here on a runner that comes back waits for this one instead of starting another.
  printf '%s\n' "$RELEASE" >"$folder/release"
}

# remove_unit UNIT: stops it with everything in its cgroup and leaves nothing of it.
remove_unit() {
  systemctl stop -- "$1"
  if [[ -e $UNITS/$1.d ]]; then
    systemctl disable --quiet --no-reload -- "$1"
    rm -r -- "$UNITS/$1.d"
  fi
  rm -f -- "$UNITS/$1"
  systemctl daemon-reload
  # Forgets a failure; a unit that did not fail and has no file any more is not known, which is as good.
  if systemctl is-failed --quiet -- "$1"; then systemctl reset-failed -- "$1"; fi
}

# Nothing runs in it and it was never enabled: systemd forgets it without a reload, which would cost 0.1 s.
remove_ended_unit() {
  systemctl stop -- "$1"
  rm -- "$UNITS/$1"
}

# Scripts of an earlier release must not hold the ports of this one. Only units that this runner wrote are looked at:
# whoever else calls a unit spot-… keeps it.
remove_units_of_other_releases() {
  local path text
  for path in "$UNITS"/spot-*.service; do
    if [[ ! -e $path ]]; then continue; fi
    text=$(<"$path")
    if [[ $text == *"ExecStart=$RUNNER exec "* && $text != *"ExecStart=$RUNNER exec $RELEASE "* ]]; then
      say "stops ${path##*/} of an earlier release"
      remove_unit "${path##*/}"
    fi
  done
}

# The unit may end without its wrapper having said so: stopped by hand, or killed.
require_living_unit() {
  local properties
  properties=$(systemctl show --property=ActiveState,Result,ExecMainStatus -- "$1")
  if [[ $properties == *ActiveState=active* || $properties == *ActiveState=activating* ]]; then return 0; fi
  # Ended between the look at `exit` and this one.
  if [[ -e $RUN/$STEP/exit ]]; then return 0; fi
  copy_output
  fail_step "$1 was ended from outside: ${properties//$'\n'/, }"
}
