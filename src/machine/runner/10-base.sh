#!/bin/bash
# spot-deployer's runner: turns a delivered release into a working machine, and says how the machine is.
# It is put together from the parts in src/machine/runner/ and lives on the machine as /opt/spot/bin/runner.
# It needs what every cloud image has: bash 5, coreutils, findutils, systemd, iproute2, tar.
set -Eeuo pipefail

# Bytes, not characters: file names and output arrive as they are, and bash is faster.
export LC_ALL=C
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umask 027

# The same places as in src/machine/layout.ts.
readonly RELEASES=/opt/spot/releases
readonly CURRENT=/opt/spot/current
readonly RUNNER=/opt/spot/bin/runner
readonly STATE=/var/lib/spot
readonly JOURNAL=$STATE/journal.jsonl
readonly MACHINE_ENV=$STATE/machine.env
readonly LOGS=/var/log/spot
readonly DEPLOY_LOG=$LOGS/deploy.log
readonly UNITS=/etc/systemd/system
# Emptied by every boot, as what is kept here is true for one boot only.
readonly RUN=/run/spot

readonly EXIT_RELEASE_FAILED=10

# Which boot this is, and when it began (ticks of 1/100 s on the kernel's clock). A rehearsed machine shares the
# kernel, and so the boot id, with its host: there it is the start of PID 1 that changes.
read -r BOOT </proc/sys/kernel/random/boot_id
read -ra PID_1 </proc/1/stat
readonly BOOT_TICKS=${PID_1[21]}
BOOT+=-$BOOT_TICKS
readonly BOOT

# The release that this run is about; set by use_release.
RELEASE=

die() {
  printf 'runner: %s\n' "$*" >&2
  exit 2
}

# pause SECONDS: sleeps without starting a process, by reading from a pipe that nobody writes to.
exec {PAUSE_FD}<> <(:)
pause() {
  local nothing
  if read -r -t "$1" -u "$PAUSE_FD" nothing; then die "somebody wrote to the pipe for pauses: $nothing"; fi
}

# microseconds → REPLY: since the epoch.
microseconds() {
  REPLY=${EPOCHREALTIME/./}
}

# timestamp → REPLY: now, ISO 8601 in UTC with milliseconds.
timestamp() {
  local now=$EPOCHREALTIME
  TZ=UTC0 printf -v REPLY '%(%FT%T)T' "${now%.*}"
  REPLY+=.${now:${#now}-6:3}Z
}

# uptime → REPLY: seconds since this boot.
uptime() {
  local seconds
  read -r seconds _ </proc/uptime
  REPLY=$((${seconds%.*} - BOOT_TICKS / 100))
}

# json_string TEXT → REPLY: TEXT as a JSON string.
json_string() {
  local text=$1 out='' i char
  text=${text//\\/"\\\\"}
  text=${text//\"/"\\\""}
  text=${text//$'\n'/"\\n"}
  text=${text//$'\t'/"\\t"}
  text=${text//$'\r'/"\\r"}
  if [[ $text == *[[:cntrl:]]* ]]; then
    for ((i = 0; i < ${#text}; i++)); do
      char=${text:i:1}
      if [[ $char == [[:cntrl:]] ]]; then printf -v char '\\u%04x' "'$char"; fi
      out+=$char
    done
    text=$out
  fi
  REPLY=\"$text\"
}

# join SEPARATOR WORD… → REPLY
join() {
  local separator=$1 word
  shift
  REPLY=
  for word in "$@"; do REPLY+=${REPLY:+$separator}$word; done
}

# contains WORD WORD…: is the first among the others?
contains() {
  local wanted=$1 word
  shift
  for word in "$@"; do
    if [[ $word == "$wanted" ]]; then return 0; fi
  done
  return 1
}

# replace_link TARGET LINK: LINK points to TARGET, at no moment to nothing.
replace_link() {
  ln -s -- "$1" "$2.new.$$"
  mv -T -- "$2.new.$$" "$2"
}

# use_release ID: everything after this is about that release.
use_release() {
  if [[ ! $1 =~ ^[A-Za-z0-9]+$ ]]; then die "not a release id: $1"; fi
  RELEASE=$1
  RELEASE_DIR=$RELEASES/$RELEASE
  RELEASE_STATE_DIR=$STATE/releases/$RELEASE
}

# use_current_release: fails when nothing was activated yet.
use_current_release() {
  local target
  if [[ ! -L $CURRENT ]]; then return 1; fi
  target=$(readlink -- "$CURRENT")
  use_release "${target##*/}"
}
