import { describe, expect, test } from 'vitest';
import type { MachineSight } from '../../src/rehearsal/machines/machine-host.ts';
import { changeOf } from '../../src/rehearsal/machines/record-change.ts';
import type { InstanceRecord, InstanceState } from '../../src/rehearsal/store/cloud-state.ts';

const now = new Date('2026-01-02T03:04:05Z');
const running: MachineSight = { status: 'running', address: '172.17.0.2', macAddress: '02:42:ac:11:00:02' };
const ended: MachineSight = { status: 'ended', address: undefined, macAddress: undefined };
const starting: MachineSight = { status: 'starting', address: undefined, macAddress: undefined };

function record(state: InstanceState, changes: Partial<InstanceRecord> = {}): InstanceRecord {
  return {
    id: 'i-0123456789abcdef0',
    region: 'us-east-1',
    zone: 'us-east-1a',
    type: 't3.micro',
    imageId: 'ami-0123456789abcdef0',
    reservationId: 'r-0123456789abcdef0',
    launchIndex: 0,
    clientToken: undefined,
    fleetId: undefined,
    keyName: undefined,
    groupIds: [],
    subnetId: 'subnet-0123456789abcdef0',
    volumeId: 'vol-0123456789abcdef0',
    volumeGiB: 8,
    volumeType: 'gp3',
    volumeEncrypted: false,
    networkInterfaceId: 'eni-0123456789abcdef0',
    spot: undefined,
    shutdownBehavior: 'terminate',
    httpTokens: 'required',
    httpHopLimit: 2,
    ports: {},
    launchedAt: '2026-01-02T03:00:00.000Z',
    launcher: { pid: 1, startedAt: '1' },
    state,
    ...changes,
  };
}

describe('a record', () => {
  test('under launch waits for its machine', () => {
    expect(changeOf(record('pending'), undefined, true, now)).toBeUndefined();
    expect(changeOf(record('pending'), starting, true, now)).toBeUndefined();
    expect(changeOf(record('pending'), running, true, now)).toEqual({
      state: 'running',
      privateAddress: '172.17.0.2',
      macAddress: '02:42:ac:11:00:02',
    });
  });

  test.each([[undefined], [starting], [ended]])(
    'whose launcher died before its machine ran (%j) ends',
    (sight) => {
      expect(changeOf(record('pending'), sight, false, now)).toMatchObject({
        state: 'terminated',
        stateReason: { code: 'Server.InternalError' },
        terminatedAt: now.toISOString(),
      });
    },
  );

  test('whose machine runs although its launcher died goes on', () => {
    expect(changeOf(record('pending'), running, false, now)).toMatchObject({ state: 'running' });
  });

  test('whose machine switched itself off ends, or stops where that was asked for', () => {
    const reason = { code: 'Client.InstanceInitiatedShutdown' };
    expect(changeOf(record('running'), ended, false, now)).toMatchObject({
      state: 'terminated',
      stateReason: reason,
    });
    const stopping = record('running', { shutdownBehavior: 'stop' });
    expect(changeOf(stopping, ended, false, now)).toEqual(
      expect.objectContaining({ state: 'stopped', terminatedAt: undefined }),
    );
  });

  test('whose container was taken away ends', () => {
    for (const state of ['running', 'stopped', 'stopping'] as const) {
      expect(changeOf(record(state), undefined, false, now)).toMatchObject({
        state: 'terminated',
        stateReason: { code: 'Server.InternalError' },
      });
    }
  });

  test('learns the address, and keeps it while the machine reboots', () => {
    expect(changeOf(record('running'), running, false, now)).toMatchObject({ privateAddress: '172.17.0.2' });
    const known = record('running', { privateAddress: '172.17.0.2' });
    expect(changeOf(known, running, false, now)).toBeUndefined();
    expect(changeOf(known, { ...running, address: undefined }, false, now)).toBeUndefined();
  });

  test('that is shutting down ends when its machine is gone', () => {
    expect(changeOf(record('shutting-down'), running, false, now)).toBeUndefined();
    expect(changeOf(record('shutting-down'), undefined, false, now)).toMatchObject({ state: 'terminated' });
    expect(changeOf(record('terminated'), running, false, now)).toBeUndefined();
  });
});
