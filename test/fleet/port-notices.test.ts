import { describe, expect, it } from 'vitest';
import { portNotices } from '../../src/fleet/port-notices.ts';
import type { MachineRow } from '../../src/fleet/report.ts';

const machine = (id: string, endpoints: Record<string, string>): MachineRow => ({
  id,
  region: 'us-west-2',
  zone: 'us-west-2a',
  type: 't3.medium',
  state: 'running',
  address: '127.0.0.1',
  endpoints,
  release: '0123456789ab',
  phase: 'ready',
  health: 'ok',
  launchedAt: '2026-01-02T03:04:05Z',
  price: undefined,
  orphan: false,
});

describe('nobody needs to be told', () => {
  it('of ports that were asked for and are there', () => {
    const machines = [machine('i-1', { '8080': '127.0.0.1:20001' })];
    expect(portNotices(machines, [8080], [{ port: 8080, title: 'deployment/setup.sh' }])).toEqual([]);
  });

  it('of no ports at all', () => {
    expect(portNotices([machine('i-1', {})], [], [])).toEqual([]);
  });
});

describe('it is said', () => {
  it('once how to open a port that scripts serve, beside those that are open', () => {
    const served = { port: 8000, title: 'deployment/setup.sh' };
    const machines = [machine('i-1', { '9000': '127.0.0.1:20001' })];
    expect(portNotices(machines, [9000], [served, served])).toEqual([
      'deployment/setup.sh listens on port 8000, which is not open: `ports: [9000, 8000]` in .spot/config.yaml opens it.',
    ]);
  });

  it('which machines are too old for a port', () => {
    const machines = [machine('i-1', {}), machine('i-2', { '80': '127.0.0.1:20001' }), machine('i-3', {})];
    expect(portNotices(machines, [80], [])).toEqual([
      'Port 80 cannot be reached on i-1, i-3, launched before it was asked for: `spot destroy MACHINE`, then `spot create` launches another.',
    ]);
  });

  it('nothing of machines that are not ready: they have other troubles', () => {
    expect(portNotices([{ ...machine('i-1', {}), phase: 'failed' }], [80], [])).toEqual([]);
  });
});
