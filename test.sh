#!/usr/bin/env bash
# Everything that is tested, in one command; its last line says how many tests passed and failed.
set -euo pipefail

usage() {
  cat <<'END'
Usage: ./test.sh                  everything
       ./test.sh unit             lint, types and unit tests, which need no machine
       ./test.sh e2e [PATTERN]    the tests on real machines whose file name contains PATTERN
END
}

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=scripts/set-up.sh
. scripts/set-up.sh

# A suite leaves its exit code here in NAME.status, and NAME.json where vitest counted its tests.
results=$(mktemp -d)

# run_suite NAME COMMAND...: a suite that fails does not keep the next one from running.
run_suite() {
  local name=$1 status=0
  shift
  say "$name: $*"
  "$@" || status=$?
  echo "$status" >"$results/$name.status"
}

# run_vitest PROJECT [PATTERN]
run_vitest() {
  run_suite "$1" npx vitest run --reporter=default --reporter=json --outputFile.json="$results/$1.json" --project "$@"
}

run_unit() {
  need_programs shellcheck=shellcheck
  run_suite check npm run --silent check
  run_vitest unit
}

run_e2e() {
  set_up_rehearsal
  need_programs curl=curl ssh=openssh-client tmux=tmux
  want_awscli
  run_vitest e2e "$@"
}

# The tests' foreign client. Ubuntu 24.04 packs none, so there its tests are skipped, and counted as skipped.
want_awscli() {
  command -v aws >/dev/null && return
  if can_install; then
    refresh_package_index
    if [ -z "$(candidate_version awscli)" ]; then
      say 'apt has no awscli here: the tests of foreign clients are skipped'
      return
    fi
  fi
  need_programs aws=awscli
}

clean_up() {
  local status=$?
  trap - EXIT
  stop_engine
  rm -rf "$results"
  exit "$status"
}

main() {
  local half=${1:-all}
  [ $# -eq 0 ] || shift
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM

  case $half in
    all | unit | e2e) ;;
    -h | --help)
      usage
      return
      ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
  set_up_bundle
  [ "$half" = e2e ] || run_unit
  [ "$half" = unit ] || run_e2e "$@"
  # Before the totals, which are the last line.
  stop_engine
  node scripts/suite-totals.js "$results"
}

main "$@"
