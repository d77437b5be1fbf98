# Who runs, and who listens.

# in_unit PID UNIT: does the process belong to the unit's cgroup or one below it? (cgroup v1 and v2)
in_unit() {
  local lines line
  # The process may be gone by now.
  if ! { mapfile -t lines <"/proc/$1/cgroup"; } 2>/dev/null; then return 1; fi
  for line in "${lines[@]}"; do
    if [[ $line/ == */"$2"/* ]]; then return 0; fi
  done
  return 1
}

# unit_processes UNIT → REPLY: the number of its living processes.
unit_processes() {
  local folder count=0
  for folder in /proc/[0-9]*; do
    if in_unit "${folder#/proc/}" "$1"; then count=$((count + 1)); fi
  done
  REPLY=$count
}

# look_at_sockets [UNIT] → LISTENING: every TCP port listened on, each once; LISTENER: port → program names;
# OWNED: the ports that processes of UNIT listen on.
declare -A LISTENER
look_at_sockets() {
  local unit=${1:-} sockets address port users name pid
  LISTENING=() OWNED=() LISTENER=()
  sockets=$(ss -Hltnp)
  while read -r _ _ _ address _ users; do
    port=${address##*:}
    if [[ -z $port ]]; then continue; fi
    if ! contains "$port" "${LISTENING[@]}"; then LISTENING+=("$port"); fi
    while [[ $users =~ \"([^\"]*)\",pid=([0-9]+) ]]; do
      name=${BASH_REMATCH[1]} pid=${BASH_REMATCH[2]}
      users=${users#*"\"$name\",pid=$pid"}
      if [[ " ${LISTENER[$port]:-} " != *" $name "* ]]; then LISTENER[$port]+=${LISTENER[$port]:+ }$name; fi
      if [[ -n $unit ]] && ! contains "$port" "${OWNED[@]}" && in_unit "$pid" "$unit"; then OWNED+=("$port"); fi
    done
  done <<<"$sockets"
}

# describe_listeners → REPLY: `22 (sshd), 3000 (node)`; after look_at_sockets.
describe_listeners() {
  local port parts=()
  for port in "${LISTENING[@]}"; do parts+=("$port (${LISTENER[$port]:-unknown})"); done
  join ', ' "${parts[@]}"
  REPLY=${REPLY:-nothing}
}

# missing_ports → MISSING: those of PORTS that nobody listens on; after look_at_sockets.
missing_ports() {
  local port
  MISSING=()
  for port in "${PORTS[@]}"; do
    if ! contains "$port" "${LISTENING[@]}"; then MISSING+=("$port"); fi
  done
}

# inactive_units UNIT… → INACTIVE: those that are not active, each with its state: `spot-setup.service (failed)`.
inactive_units() {
  local states unit state
  INACTIVE=()
  if (($# == 0)); then return 0; fi
  states=$(systemctl show --property=ActiveState --value -- "$@")
  # One word a unit, with empty lines between.
  for state in $states; do
    unit=$1
    shift
    if [[ $state != active ]]; then INACTIVE+=("$unit ($state)"); fi
  done
}

# failed_units → FAILED_UNITS: of the whole system.
failed_units() {
  local list line
  FAILED_UNITS=()
  list=$(systemctl list-units --state=failed --plain --no-legend --full)
  while read -r line; do
    if [[ -n $line ]]; then FAILED_UNITS+=("${line%% *}"); fi
  done <<<"$list"
}
