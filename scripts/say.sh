# shellcheck shell=bash
# How the scripts speak: one line for what they do, and an error that says what to do about it.

say() {
  printf -- '- %s\n' "$*" >&2
}

# fail WHAT REMEDY...: ends the script. Each remedy is a line of its own, to be copied.
fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
  exit 1
}

# quietly COMMAND...: its output is shown only when it fails.
quietly() {
  local log
  log=$(mktemp)
  if "$@" >"$log" 2>&1 </dev/null; then
    rm -f "$log"
    return
  fi
  cat "$log" >&2
  rm -f "$log"
  fail "failed: $*"
}
