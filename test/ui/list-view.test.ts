import { describe, expect, it } from 'vitest';
import type { MachineRow } from '../../src/fleet/report.ts';
import { listText } from '../../src/ui/list-view.ts';
import { plainLook, readyRow } from './samples.ts';

const report = (machines: readonly MachineRow[]) =>
  ({ schema: 'spot-deployer/list/v1', deployment: 'hello', machines }) as const;

const pending: MachineRow = {
  ...readyRow,
  id: 'i-0bbbbbbbbbbbbbbb2',
  region: 'eu-central-1',
  zone: 'eu-central-1b',
  state: 'pending',
  address: undefined,
  endpoints: {},
  release: undefined,
  phase: 'unknown',
  health: 'unknown',
  price: undefined,
  orphan: true,
};

describe('listText', () => {
  it('shows every machine and names those this folder does not know', () => {
    expect(listText(report([readyRow, pending]), plainLook)).toBe(`\
hello  2 machines in 2 regions: 1 ready

  MACHINE              ZONE           TYPE      STATE    PHASE    HEALTH   RELEASE              AGE   USD/H  ADDRESS      ENDPOINTS
  i-0aaaaaaaaaaaaaaa1  us-west-2a     t3.micro  running  ready    ok       3f2a91c0d4e5  4 min 10 s  0.0031  203.0.113.7  http://203.0.113.7:8080 https://203.0.113.7:8443
  i-0bbbbbbbbbbbbbbb2  eu-central-1b  t3.micro  pending  unknown  unknown  -             4 min 10 s       -  -            -

Unknown to this folder (launched elsewhere, or by a run that was cut short): i-0bbbbbbbbbbbbbbb2
`);
  });

  it('keeps id, phase, health and endpoints in a narrow window', () => {
    expect(
      listText(report([{ ...readyRow, endpoints: { 80: '203.0.113.7:80' } }]), { ...plainLook, width: 66 }),
    ).toBe(`\
hello  1 machine in 1 region: 1 ready

  MACHINE              PHASE  HEALTH  ENDPOINTS
  i-0aaaaaaaaaaaaaaa1  ready  ok      http://203.0.113.7:80
`);
  });

  it('says what to do without machines', () => {
    expect(listText(report([]), plainLook)).toBe('hello: no machines. `spot create` launches them.\n');
  });
});
