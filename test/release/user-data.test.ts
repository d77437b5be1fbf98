import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderUserData, type UserDataInput } from '../../src/release/user-data.ts';
import { errorsOf } from '../fixtures/errors-of.ts';

const input: UserDataInput = {
  username: 'ubuntu',
  authorizedKeys: ['ssh-ed25519 AAAA spot'],
  hostKey: {
    privateKey:
      '-----BEGIN OPENSSH PRIVATE KEY-----\nline one\nline two\n-----END OPENSSH PRIVATE KEY-----\n',
    publicKey: 'ssh-ed25519 BBBB bootstrap',
  },
  packages: [],
  ttlSeconds: undefined,
};

it('tells cloud-init who may log in, as which host, and which folders to make', () => {
  expect(renderUserData(input)).toBe(`#cloud-config
users:
  - name: ubuntu
    groups:
      - adm
      - sudo
    shell: /bin/bash
    sudo: ALL=(ALL) NOPASSWD:ALL
    lock_passwd: true
    ssh_authorized_keys:
      - ssh-ed25519 AAAA spot
ssh_pwauth: false
disable_root: true
ssh_deletekeys: true
ssh_keys:
  ed25519_private: |
    -----BEGIN OPENSSH PRIVATE KEY-----
    line one
    line two
    -----END OPENSSH PRIVATE KEY-----
  ed25519_public: ssh-ed25519 BBBB bootstrap
runcmd:
  - - set
    - -e
  - - install
    - -d
    - -m
    - "0755"
    - /opt/spot/releases
    - /opt/spot/bin
    - /var/log/spot
  - - install
    - -d
    - -m
    - "0700"
    - /var/lib/spot
  - - touch
    - /tmp/cloud-init-complete
`);
});

it('installs packages only when there are any', () => {
  const config = parse(renderUserData({ ...input, packages: ['git', 'nginx=1.24.0-2'] }));
  expect(config).toMatchObject({ package_update: true, packages: ['git', 'nginx=1.24.0-2'] });
  expect(parse(renderUserData(input))).not.toHaveProperty('package_update');
});

describe('a time to live', () => {
  const config = parse(renderUserData({ ...input, ttlSeconds: 5400 }));

  it('is a timer that outlives a reboot', () => {
    expect(config.write_files).toEqual([
      {
        path: '/etc/systemd/system/spot-ttl.service',
        content: expect.stringContaining('ExecStart=/usr/bin/systemctl poweroff\n'),
      },
    ]);
    expect(config.runcmd.slice(-3)).toEqual([
      ['systemctl', 'daemon-reload'],
      ['systemctl', 'enable', '--now', 'spot-ttl.timer'],
      ['touch', '/tmp/cloud-init-complete'],
    ]);
  });

  it('ends at a fixed date, counted from the first boot', () => {
    const [, , script] = config.runcmd.at(-4);
    const before = Date.now();
    const timer = execFileSync('sh', ['-c', script.replace(/> \S+$/, '')]).toString();
    const after = Date.now();
    const [, date] =
      /^\[Timer\]\nOnCalendar=(.*)\nPersistent=true\nAccuracySec=1s\n\[Install\]\nWantedBy=timers.target\n$/.exec(
        timer,
      ) ?? [];
    const end = Date.parse(date?.replace(' UTC', 'Z') ?? '');
    expect(end).toBeGreaterThan(before + 5_400_000 - 1000);
    expect(end).toBeLessThanOrEqual(after + 5_400_000);
  });
});

it('survives values that mean something to YAML', () => {
  const username = '- a: "b" #c';
  const authorizedKeys = [
    'ssh-ed25519 AAAA: #',
    `ssh-rsa ${'A'.repeat(700)} a long comment of many words ${'w '.repeat(90)}`,
  ];
  const config = parse(renderUserData({ ...input, username, authorizedKeys }));
  expect(config.users[0]).toMatchObject({ name: username, ssh_authorized_keys: authorizedKeys });
});

it('refuses what EC2 would not take, naming what takes the space', async () => {
  const packages = Array.from({ length: 1200 }, (_, index) => `package-${index}`);
  expect(await errorsOf(() => renderUserData({ ...input, packages }))).toEqual([
    {
      code: 'SPOT-E-USER-DATA-TOO-LARGE',
      message: 'The user data has 20,010 bytes; EC2 takes 16,384. Most of it is `packages`.',
      hint: 'Install packages in deployment/setup.sh instead.',
      evidence: ['packages: 19,300 bytes', 'runcmd: 245 bytes', 'users: 192 bytes'],
    },
  ]);
});
