#!/bin/sh
# The first process of a rehearsal machine, before systemd takes its place: does what firmware and kernel do
# for a real one. Runs again at every reboot.
set -eu

# The engine puts the launch's metadata into the environment, which systemd is not to hand down.
mkdir -p /run/spot-rehearsal
(umask 077 && printf '%s' "$SPOT_METADATA" | base64 -d >/run/spot-rehearsal/launch.json)
unset SPOT_METADATA

# All containers see the boot id of the host's kernel; a machine that reboots has a new one each time.
# systemd-nspawn does the same.
cat /proc/sys/kernel/random/uuid >/run/spot-rehearsal/boot-id
mount --bind /run/spot-rehearsal/boot-id /proc/sys/kernel/random/boot_id

# The engine mounts /proc/sys read-only. What is below net belongs to the machine alone, so it may be tuned.
mount --bind /proc/sys/net /proc/sys/net
mount -o remount,rw,bind /proc/sys/net

ip address replace 169.254.169.254/32 dev lo

exec /sbin/init
