# shellcheck shell=bash
# A Docker engine for the rehearsal cloud: the one that answers, or one that is installed and started here.

# The dockerd that this script started; empty when the engine is somebody else's, which is never stopped.
engine_pid=''
engine_log=/var/log/spot-deployer-dockerd.log

engine_answers() {
  docker info >/dev/null 2>&1
}

ensure_engine() {
  engine_answers && return
  [ -z "${DOCKER_HOST:-}" ] || fail "The Docker engine at DOCKER_HOST=$DOCKER_HOST does not answer." \
    "Start it, or \`unset DOCKER_HOST\` to use the engine of this machine."
  can_install || explain_engine
  install_engine
  engine_answers || start_engine
}

explain_engine() {
  if [ "$(uname -s)" = Darwin ]; then
    fail 'The Docker engine does not answer.' \
      'Start Docker Desktop, or install it: https://docs.docker.com/desktop/setup/install/mac-install/'
  fi
  if [ -S /var/run/docker.sock ] && [ ! -w /var/run/docker.sock ]; then
    # shellcheck disable=SC2016 # For the reader's shell to expand.
    fail 'You may not use the Docker engine of this machine.' 'sudo usermod -aG docker "$USER"   # then log in again'
  fi
  if command -v dockerd >/dev/null; then
    fail 'The Docker engine is not running.' 'sudo systemctl start docker   # or, where no service manager runs: sudo dockerd'
  fi
  # shellcheck disable=SC2016 # For the reader's shell to expand.
  fail 'There is no Docker engine here.' "$(install_command docker.io)" \
    'sudo usermod -aG docker "$USER"   # then log in again'
}

# A client alone is common (images for CI carry one), and Debian 13 packs it apart from the engine.
install_engine() {
  command -v dockerd >/dev/null || install_packages docker.io iptables
  command -v docker >/dev/null || install_packages docker-cli
}

start_engine() {
  if [ -d /run/systemd/system ]; then
    say 'Starting the Docker engine (systemctl start docker)'
    quietly systemctl start docker
  else
    say "Starting the Docker engine (dockerd; its log is $engine_log)"
    # A session of its own, so that Ctrl-C reaches us and not the engine under our machines.
    setsid dockerd >"$engine_log" 2>&1 </dev/null &
    engine_pid=$!
  fi
  await_engine
}

await_engine() {
  local deadline=$((SECONDS + 60))
  until engine_answers; do
    if [ -n "$engine_pid" ] && ! kill -0 "$engine_pid" 2>/dev/null; then
      engine_pid=''
      fail 'dockerd ended at once; the end of its log:' "$(tail -n 8 "$engine_log")"
    fi
    [ $SECONDS -lt $deadline ] || fail 'The Docker engine was started but does not answer within 60 s.' \
      "See $engine_log, or \`journalctl -u docker\`."
    sleep 0.5
  done
}

# Ends the dockerd that was started here, by its process id, and nothing else.
stop_engine() {
  [ -n "$engine_pid" ] || return 0
  say 'Stopping the Docker engine that was started here'
  kill "$engine_pid"
  local deadline=$((SECONDS + 30))
  while kill -0 "$engine_pid" 2>/dev/null; do
    [ $SECONDS -lt $deadline ] || fail "dockerd (process $engine_pid) does not end." "See $engine_log."
    sleep 0.2
  done
  engine_pid=''
}

# The machine image is made from ubuntu:24.04, or by mmdebstrap where no registry can be reached.
ensure_image_source() {
  command -v mmdebstrap >/dev/null && return
  docker image inspect ubuntu:24.04 >/dev/null 2>&1 && return
  say 'Fetching ubuntu:24.04, which the machines boot'
  docker pull -q ubuntu:24.04 >/dev/null 2>&1 && return
  can_install || fail 'ubuntu:24.04 cannot be pulled.' 'docker pull ubuntu:24.04   # shows why' \
    "Where no registry can be reached, on Debian or Ubuntu: $(install_command mmdebstrap)"
  say 'No registry answers: the machine image will be made from Debian packages'
  need_programs mmdebstrap=mmdebstrap
}
