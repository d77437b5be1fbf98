# The subcommands. Everything above only defines.

main() {
  local command=${1:-}
  if (($#)); then shift; fi
  case $command in
    activate) activate "$@" ;;
    run) run ;;
    exec) exec_step "$@" ;;
    follow) follow "$@" ;;
    report) report ;;
    facts) facts ;;
    log) show_log "$@" ;;
    evidence) evidence ;;
    *) die "usage: runner activate ID | run | follow [FROM [SKIP]] | report | facts | log STEP [--follow] | evidence" ;;
  esac
}

main "$@"
