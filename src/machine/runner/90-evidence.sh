# Logs, and everything that helps to find out why.

# log_path STEP → REPLY
log_path() {
  case $1 in
    cloud-init) REPLY=/var/log/cloud-init-output.log ;;
    *)
      if [[ ! $1 =~ ^[A-Za-z0-9][A-Za-z0-9-]*$ ]]; then die "not a step: $1"; fi
      REPLY=$LOGS/$1.log
      ;;
  esac
}

# show_log STEP [--follow]
show_log() {
  log_path "$1"
  if [[ ! -e $REPLY ]]; then die "there is no log of $1 on this machine"; fi
  if [[ ${2:-} == --follow ]]; then exec tail -n +1 -F -- "$REPLY"; fi
  exec cat -- "$REPLY"
}

# collect NAME PROGRAM…: what the program prints becomes a file of the evidence, with its exit code when it is not 0:
# a program that cannot say anything here must not cost the rest.
collect() {
  local file=$FOLDER/$1 exit_code=0
  shift
  "$@" >"$file" 2>&1 || exit_code=$?
  if ((exit_code)); then printf 'exit code %s of: %s\n' "$exit_code" "$*" >>"$file"; fi
}

# Of a log its end tells why; a service may have written gigabytes.
readonly EVIDENCE_BYTES=5M

# collect_ends PATH…: of those that exist.
collect_ends() {
  local path
  for path in "$@"; do
    if [[ -f $path ]]; then tail --bytes="$EVIDENCE_BYTES" -- "$path" >"$FOLDER/${path##*/}"; fi
  done
}

# evidence: a tar.gz on stdout. Nothing of the release's content, of the environment or of the user data is in it,
# and no command line of a process, since those may hold secrets.
evidence() {
  FOLDER=$(mktemp -d)
  trap 'rm -rf -- "$FOLDER"' EXIT
  collect report.json report
  collect_ends "$JOURNAL" "$LOGS"/*.log "$LOGS"/*.log.1 /var/log/cloud-init.log /var/log/cloud-init-output.log "$CLOUD_INIT_RESULT"
  collect units.txt systemctl list-units --all --full --no-pager --plain
  collect units-ours.txt systemctl show --no-pager --property=Id,ActiveState,SubState,Result,NRestarts,ExecMainCode,ExecMainStatus,ExecMainStartTimestamp,ExecMainExitTimestamp,UnitFileState,MemoryCurrent 'spot-*.service'
  collect system-journal.txt journalctl --boot --no-pager --lines=2000
  collect disk.txt df -h
  collect inodes.txt df -i
  collect memory.txt free -m
  collect processes.txt ps -eo pid,ppid,user,stat,etimes,rss,pcpu,comm
  collect sockets.txt ss -tunap
  collect addresses.txt ip address
  collect routes.txt ip route
  collect kernel.txt bash -c 'set -o pipefail; dmesg | tail -n 200'
  collect files.txt ls -la "$RELEASES" "$CURRENT" "$STATE" "$LOGS"
  tar --create --gzip --directory="$FOLDER" .
}
