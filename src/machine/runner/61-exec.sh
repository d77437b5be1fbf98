# What runs inside of the unit.

# exec_step RELEASE STEP: what the unit runs. Stays until the script ends, then leaves its exit code and knocks.
exec_step() {
  local folder=$RUN/$2 exit_code=0 unit errors
  use_release "$1"
  load_plan
  step_words "$2"
  unit_of "$2"
  unit=$REPLY
  export SPOT_RELEASE=$RELEASE
  export HOME=/root USER=root LOGNAME=root SHELL=/bin/bash
  export LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive
  # Ubuntu's needrestart would restart the very unit in which apt runs.
  export NEEDRESTART_MODE=l
  set -a
  # shellcheck source=/dev/null
  if [[ -e $MACHINE_ENV ]]; then source "$MACHINE_ENV"; fi
  set +a
  unset LC_ALL
  umask 022
  # bash's own words about a script that was killed would stand in the script's log.
  exec {errors}>&2 2>/dev/null
  (
    exec 2>&"$errors" {errors}>&- {PAUSE_FD}>&-
    exec -- "${WORDS[@]}"
  ) || exit_code=$?
  exec 2>&"$errors"
  mkdir -p -- "$folder"
  printf '%s\n' "$exit_code" >"$folder/exit.new"
  mv -T -- "$folder/exit.new" "$folder/exit"
  if [[ -p $folder/wake ]]; then printf '\n' 1<>"$folder/wake"; fi
  if ((exit_code == 0)) && [[ -e $UNITS/$unit.d ]]; then require_remaining_processes "$unit"; fi
  exit "$exit_code"
}

# An adopted script that ends and leaves nothing running has stopped serving, whatever its exit code.
require_remaining_processes() {
  unit_processes "$1"
  if ((REPLY == 1)); then die "$1 ended; systemd starts it again"; fi
}
