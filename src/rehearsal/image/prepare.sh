#!/bin/sh
# Turns a Debian or Ubuntu root file system into a rehearsal machine. Runs once, while the image is built.
set -eu
cd "$(dirname "$0")"

# The Debian that mmdebstrap makes has them already; an image from a registry has not.
if ! command -v cloud-init >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  # shellcheck disable=SC2086 # a list of words
  apt-get install -q -y --no-install-recommends $PACKAGES
  apt-get clean
  rm -rf /var/lib/apt/lists/*
fi

install -D -m 755 init.sh /usr/lib/spot-rehearsal/init
install -D -m 644 imds.py /usr/lib/spot-rehearsal/imds.py
install -D -m 644 datasource.py /usr/lib/python3/dist-packages/spot_rehearsal/DataSourceEc2.py
: >/usr/lib/python3/dist-packages/spot_rehearsal/__init__.py
python3 -m compileall -q /usr/lib/python3/dist-packages/spot_rehearsal
install -m 644 cloud.cfg /etc/cloud/cloud.cfg.d/99-spot-rehearsal.cfg
install -m 644 spot-imds.socket spot-imds.service /etc/systemd/system/

# A poweroff ends PID 1 with 0, so that `--restart on-failure` brings back a machine that rebooted and only that.
for action in poweroff halt; do
  install -d "/etc/systemd/system/systemd-$action.service.d"
  cat >"/etc/systemd/system/systemd-$action.service.d/spot-rehearsal.conf" <<'UNIT'
[Unit]
SuccessAction=none
[Service]
Type=oneshot
ExecStart=/bin/systemctl --force exit 0
UNIT
done

systemctl enable spot-imds.socket spot-imds.service ssh.service
# Of no use in a container, or slow, or failing for want of hardware.
systemctl mask \
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer man-db.timer motd-news.timer \
  e2scrub_reap.service getty.target getty@tty1.service console-getty.service \
  systemd-networkd-wait-online.service NetworkManager-wait-online.service \
  systemd-udevd.service systemd-udev-trigger.service systemd-udevd-control.socket systemd-udevd-kernel.socket \
  systemd-modules-load.service kmod-static-nodes.service systemd-pstore.service systemd-binfmt.service \
  systemd-hwdb-update.service systemd-firstboot.service systemd-machine-id-commit.service \
  systemd-journald-audit.socket proc-sys-fs-binfmt_misc.automount \
  sys-kernel-config.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-fs-fuse-connections.mount \
  dev-hugepages.mount cloud-init-hotplugd.socket
systemctl set-default multi-user.target

# As in a cloud's images: these come into being at the first boot.
rm -f /etc/ssh/ssh_host_*
: >/etc/machine-id
rm -f /var/lib/dbus/machine-id
rm -rf /var/lib/cloud/instances /var/log/cloud-init*.log
