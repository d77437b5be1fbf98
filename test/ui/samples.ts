import { SpotError } from '../../src/errors/spot-error.ts';
import type { FleetEvent, MachineName } from '../../src/fleet/events.ts';
import type { MachineRow } from '../../src/fleet/report.ts';
import { createPaint } from '../../src/ui/paint.ts';
import type { Look } from '../../src/ui/terminal.ts';

export const first: MachineName = {
  id: 'i-0aaaaaaaaaaaaaaa1',
  region: 'us-west-2',
  zone: 'us-west-2a',
  address: '203.0.113.7',
};
export const second: MachineName = {
  id: 'i-0bbbbbbbbbbbbbbb2',
  region: 'eu-central-1',
  zone: 'eu-central-1b',
  address: undefined,
};

export const stepError = new SpotError('SPOT-E-STEP-FAILED', {
  message: 'deployment/setup.sh ended with exit code 7 after 1.3 s.',
  where: 'deployment/setup.sh:3',
  evidence: [
    '+ apt-get install nothing',
    '\u001b[31mE: Unable to locate package nothing\u001b[0m',
    '+ exit 7',
  ],
});

/** A machine that is launched, gets its files and fails in its script. */
export const failingRun: readonly FleetEvent[] = [
  { type: 'stage', stage: 'launch', text: 'Launching 2 machines' },
  { type: 'launched', region: 'us-west-2', wanted: 1, machines: [{ ...first, address: undefined }] },
  { type: 'machine', machine: first, phase: 'booting' },
  { type: 'stage', stage: 'deploy', text: 'Setting up 2 machines' },
  { type: 'machine', machine: first, phase: 'delivering' },
  { type: 'upload', machine: first, sent: 0, total: 4_000_000 },
  { type: 'upload', machine: first, sent: 1_100_000, total: 4_000_000 },
  { type: 'upload', machine: first, sent: 1_200_000, total: 4_000_000 },
  { type: 'upload', machine: first, sent: 4_000_000, total: 4_000_000 },
  { type: 'machine', machine: first, phase: 'activating' },
  { type: 'step', machine: first, step: 'setup', title: 'deployment/setup.sh', state: 'started' },
  { type: 'output', machine: first, step: 'setup', line: '+ exit 7' },
  {
    type: 'step',
    machine: first,
    step: 'setup',
    title: 'deployment/setup.sh',
    state: 'failed',
    exit: 7,
    seconds: 1.3,
  },
  { type: 'failure', machine: first, error: stepError },
];

export const readyRow: MachineRow = {
  id: first.id,
  region: first.region,
  zone: first.zone,
  type: 't3.micro',
  state: 'running',
  address: '203.0.113.7',
  endpoints: { '8443': '203.0.113.7:8443', '8080': '203.0.113.7:8080' },
  release: '3f2a91c0d4e5',
  phase: 'ready',
  health: 'ok',
  launchedAt: '2026-01-02T03:00:00Z',
  price: 0.0031,
  orphan: false,
};

/** Four minutes and ten seconds after `readyRow` was launched. */
export const now = Date.parse('2026-01-02T03:04:10Z');

/** A view in a pipe, without colours. */
export const plainLook: Look = { paint: createPaint(false), width: undefined, now };
