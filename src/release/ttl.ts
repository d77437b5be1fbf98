/** What cloud-init must write and run so that a machine ends itself. */
export interface TtlConfig {
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly commands: readonly (readonly string[])[];
}

const service = `[Unit]
Description=End of this machine's time to live

[Service]
Type=oneshot
ExecStart=/usr/bin/systemctl poweroff
`;

/**
 * A machine that powers itself off some seconds after its first boot; the launch says that this terminates it.
 * A timer unit with a fixed date, because what `shutdown -h +N` schedules is forgotten at a reboot; Persistent
 * makes up for a moment that was missed during one.
 */
export function ttlConfig(seconds: number): TtlConfig {
  const timer = '/etc/systemd/system/spot-ttl.timer';
  const lines = [
    '[Timer]',
    'OnCalendar=%s',
    'Persistent=true',
    'AccuracySec=1s',
    '[Install]',
    'WantedBy=timers.target',
  ];
  const date = `$(date -u -d '+${seconds} seconds' '+%Y-%m-%d %H:%M:%S UTC')`;
  return {
    files: [{ path: '/etc/systemd/system/spot-ttl.service', content: service }],
    commands: [
      ['sh', '-c', `printf '${lines.join('\\n')}\\n' "${date}" > ${timer}`],
      ['systemctl', 'daemon-reload'],
      ['systemctl', 'enable', '--now', 'spot-ttl.timer'],
    ],
  };
}
