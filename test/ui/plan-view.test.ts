import { expect, it } from 'vitest';
import type { PlanReport } from '../../src/fleet/plan.ts';
import { planText } from '../../src/ui/plan-view.ts';
import { plainLook } from './samples.ts';

const plan: PlanReport = {
  schema: 'spot-deployer/plan/v1',
  deployment: 'hello',
  mode: 'convention',
  cloud: 'local',
  release: '3f2a91c0d4e5',
  launch: [
    { region: 'us-west-2', type: 't3.micro', image: 'auto', wanted: 2, existing: 0 },
    { region: 'eu-central-1', type: 't3.micro', image: 'auto', wanted: 1, existing: 2 },
  ],
  files: [
    { path: 'app\n.py', type: 'file', mode: '0644', size: 1234, secret: false },
    { path: 'deployment', type: 'directory', mode: '0755', size: 0, secret: false },
    { path: 'secrets/token', type: 'file', mode: '0600', size: 32, secret: true },
  ],
  bytes: 1266,
  steps: [
    { id: 'preflight', title: 'Wait for cloud-init' },
    { id: 'setup', title: 'deployment/setup.sh', command: ['bash', 'deployment/a b.sh'] },
  ],
  opens: [
    { port: 22, from: ['203.0.113.7/32'] },
    { port: 8080, from: ['0.0.0.0/0', '::/0'] },
  ],
  userDataBytes: 3211,
  notices: ['left out: run.sock is a socket'],
};

it('shows what is launched, uploaded, run and opened', () => {
  expect(planText(plan, plainLook)).toBe(`\
hello  convention mode, on the rehearsal cloud, release 3f2a91c0d4e5

Launch  2 machines
        REGION        TYPE      IMAGE  WANTED  EXISTING  TO LAUNCH
        us-west-2     t3.micro  auto        2         0          2
        eu-central-1  t3.micro  auto        1         2          0

Upload  2 files, 1.3 kB
        MODE       SIZE  PATH
        0644     1.2 kB  app\\n.py
        0755  directory  deployment/
        0600       32 B  secrets/token  secret

Run     2 steps on each machine
        STEP       WHAT                 COMMAND
        preflight  Wait for cloud-init
        setup      deployment/setup.sh  bash "deployment/a b.sh"

Open    2 ports
            PORT  FROM
          22/tcp  203.0.113.7/32
        8080/tcp  0.0.0.0/0, ::/0

Boot    3,211 of 16,384 bytes of user data

Note
        left out: run.sock is a socket

Nothing was touched. \`spot create\` does it.
`);
});

it('says when there is nothing to launch and nothing to open', () => {
  const text = planText({ ...plan, cloud: 'aws', launch: [], opens: [], notices: [] }, plainLook);
  expect(text).toContain('convention mode, on AWS,');
  expect(text).toContain('\nLaunch  nothing: every machine is there\n');
  expect(text).toContain('\nOpen    no port\n\nBoot ');
});
