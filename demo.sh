#!/usr/bin/env bash
# A fleet of three machines in two regions, rehearsed on this computer: created, asked, verified, destroyed.
set -euo pipefail

usage() {
  cat <<'END'
Usage: ./demo.sh [--keep]

Sets up what is missing, then creates, verifies and destroys the fleet of examples/hello on this computer.
  --keep  leaves the machines running and says how to look at them
END
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root"
# shellcheck source=scripts/set-up.sh
. scripts/set-up.sh

machines_wanted=3
answers=0
# Filters of `docker ps` that find the machines' containers, and no others.
containers=()
keep=''
machines_may_run=''

spot() {
  node "$root/dist/spot.js" "$@"
}

# show COMMAND...: as a person would have typed it, then its output.
show() {
  printf '\n$ %s\n' "$*"
  "$@"
}

ask_every_machine() {
  local list id endpoint
  list=$(spot list --local --json)
  while read -r id endpoint; do
    show curl -sSf "http://$endpoint"
    containers+=(--filter "name=spot-$id")
    answers=$((answers + 1))
  done < <(node "$root/scripts/machines.js" <<<"$list")
  [ "$answers" -eq "$machines_wanted" ] || fail "$answers machines answered; $machines_wanted were wanted."
}

show_nothing_is_left() {
  local left
  show spot list --local
  show docker ps --all "${containers[@]}"
  left=$(docker ps --all --quiet "${containers[@]}")
  [ -z "$left" ] || fail "Containers of the demo are left: $left"
}

explain_keep() {
  cat <<END

The machines keep running. In examples/hello:
  node ../../dist/spot.js list --local
  node ../../dist/spot.js ssh --local MACHINE
  node ../../dist/spot.js destroy --local     # ends them
END
  [ -z "$engine_pid" ] || echo "  kill $engine_pid                            # then the Docker engine that was started for them"
}

# Whatever ended the demo: nothing that it started stays, unless that was asked for.
clean_up() {
  local status=$?
  trap - EXIT
  if [ -n "$machines_may_run" ]; then
    show spot destroy --local --yes || status=1
  fi
  if [ -z "$keep" ] || [ $status -ne 0 ]; then
    stop_engine
  fi
  exit "$status"
}

main() {
  case "$*" in
    '') ;;
    --keep) keep=yes ;;
    -h | --help)
      usage
      return
      ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM

  set_up_bundle
  set_up_rehearsal
  need_programs curl=curl

  cd examples/hello
  machines_may_run=yes
  show spot create --local
  ask_every_machine
  show spot verify --local
  show spot list --local
  if [ -n "$keep" ]; then
    machines_may_run=''
    explain_keep
    return
  fi
  show spot destroy --local --yes
  machines_may_run=''
  show_nothing_is_left
}

main "$@"
