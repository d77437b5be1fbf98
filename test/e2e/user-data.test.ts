import spawn from 'nano-spawn';
import { beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeMachineImage } from '../../src/rehearsal/machines/machine-image.ts';
import { machineImage } from '../../src/rehearsal/machines/machine-recipe.ts';
import { renderUserData } from '../../src/release/user-data.ts';

const userData = renderUserData({
  username: 'ubuntu',
  authorizedKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBootstrapBootstrapBootstrapBootstrapBootst spot'],
  hostKey: {
    privateKey: '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n',
    publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBootstrapBootstrapBootstrapBootstrapBootst bootstrap',
  },
  packages: ['git', 'nginx=1.24.0-2'],
  ttlSeconds: 5400,
});

/** Runs a shell script in the machine image, with arguments and standard input. */
const onMachineImage = (script: string, args: readonly string[], input: string) =>
  spawn(
    'docker',
    ['run', '--rm', '--interactive', '--entrypoint', 'sh', machineImage, '-c', script, 'sh', ...args],
    { stdin: { string: input } },
  );

beforeAll(() => makeMachineImage(() => {}));

it('is valid by cloud-init’s own schema, without deprecated keys', async () => {
  const script = 'cat > /tmp/user-data && cloud-init schema --config-file /tmp/user-data 2>&1';
  const { stdout } = await onMachineImage(script, [], userData);
  expect(stdout.trim()).toMatch(/^Valid (cloud-config|schema).*user-data$/);
});

it('makes a time to live of units that systemd accepts', async () => {
  const { write_files: files, runcmd } = parse(userData);
  const makeTimer = runcmd.find(([program]: string[]) => program === 'sh')[2];
  const script = `
    set -e
    printf '%s' "$1" > ${files[0].path}
    sh -c "$2"
    systemd-analyze verify spot-ttl.service spot-ttl.timer 2>&1
    systemd-analyze calendar "$(sed -n s/OnCalendar=//p /etc/systemd/system/spot-ttl.timer)"`;
  const { stdout } = await onMachineImage(script, [files[0].content, makeTimer], '');
  expect(stdout).toMatch(/Next elapse: .* UTC/);
  expect(stdout).not.toMatch(/spot-ttl\.(service|timer):/);
});
