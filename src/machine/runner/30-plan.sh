# The machine plan of RELEASE, as src/machine/plan-text.ts writes it.

STEPS=()
declare -A STEP_KIND STEP_TITLE STEP_TIMEOUT STEP_ADOPT STEP_FREE STEP_REBOOT STEP_FIRST STEP_COUNT
# The words after `--` of all steps; STEP_FIRST and STEP_COUNT say which are a step's own.
STEP_WORDS=()
# Ports that the deployment serves on.
PORTS=()

# Called by the plan: plan DEPLOYMENT. The name is there for whoever reads the file.
plan() {
  if (($# != 1)); then die 'the plan names no deployment'; fi
}

# Called by the plan: step ID --kind KIND [--OPTION VALUE]… [-- WORD…]
step() {
  local id=$1
  shift
  STEPS+=("$id")
  STEP_FIRST[$id]=${#STEP_WORDS[@]} STEP_COUNT[$id]=0
  while (($#)); do
    case $1 in
      --kind) STEP_KIND[$id]=$2 ;;
      --title) STEP_TITLE[$id]=$2 ;;
      --timeout-seconds) STEP_TIMEOUT[$id]=$2 ;;
      --adopt) STEP_ADOPT[$id]=$2 ;;
      --minimum-free-megabytes) STEP_FREE[$id]=$2 ;;
      --reboot) STEP_REBOOT[$id]=$2 ;;
      --)
        shift
        STEP_COUNT[$id]=$#
        STEP_WORDS+=("$@")
        break
        ;;
      *) die "the plan has a step with an unknown option: $1" ;;
    esac
    shift 2
  done
  if [[ ${STEP_KIND[$id]} == health ]]; then PORTS+=("${STEP_WORDS[@]:${STEP_FIRST[$id]}:${STEP_COUNT[$id]}}"); fi
}

load_plan() {
  STEPS=() STEP_WORDS=() PORTS=()
  # shellcheck source=/dev/null
  source "$RELEASE_STATE_DIR/plan.sh"
}

# step_words STEP → WORDS: the words after `--`.
step_words() {
  WORDS=("${STEP_WORDS[@]:${STEP_FIRST[$1]}:${STEP_COUNT[$1]}}")
}

# adopted_units → UNITS_ADOPTED: of RELEASE, as the journal says; needs load_journal.
adopted_units() {
  local step
  UNITS_ADOPTED=()
  for step in "${STEPS[@]}"; do
    if [[ ${STEP_STATE[$step]:-none} == adopted ]]; then UNITS_ADOPTED+=("spot-$step.service"); fi
  done
}
