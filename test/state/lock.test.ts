import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SpotError } from '../../src/errors/spot-error.ts';
import { acquireLock } from '../../src/state/lock.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spot-lock-'));
  path = join(folder, 'lock');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function lockError(): SpotError {
  try {
    acquireLock(path, 'spot create');
  } catch (error) {
    return error as SpotError;
  }
  throw new Error('the lock was granted');
}

/** The lock as another process would have written it. */
function writeHolder(holder: Record<string, unknown>): void {
  const since = '2026-01-02T03:04:05.000Z';
  writeFileSync(path, JSON.stringify({ host: hostname(), command: 'spot create', since, ...holder }));
}

test('a released lock leaves nothing behind', () => {
  acquireLock(path, 'spot create').release();
  expect(existsSync(path)).toBe(false);
});

test('the second command is refused and told who holds the lock', async () => {
  const holder = spawn('sleep', ['60']);
  await once(holder, 'spawn');
  try {
    writeHolder({ pid: holder.pid });
    const error = lockError();
    expect(error.code).toBe('SPOT-E-STATE-LOCKED');
    expect(error.message).toBe(
      `\`spot create\` works on this deployment since 2026-01-02T03:04:05.000Z (process ${holder.pid} on ${hostname()}).`,
    );
    expect(error.hint).toContain(`kill ${holder.pid}`);
  } finally {
    holder.kill('SIGKILL');
  }
});

test('the lock of a process that has ended is taken over', () => {
  const ended = spawnSync('true').pid;
  writeHolder({ pid: ended });
  const lock = acquireLock(path, 'spot destroy');
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid, command: 'spot destroy' });
  lock.release();
});

test('a process that got the number of an ended holder is not taken for it', () => {
  writeHolder({ pid: process.pid, startedAt: '1' });
  acquireLock(path, 'spot create').release();
});

test('a lock cut short by a loss of power is taken over', () => {
  writeFileSync(path, '{"pid": 12');
  acquireLock(path, 'spot create').release();
});

test('a holder on another computer counts as alive, and the hint says what to remove', () => {
  writeHolder({ pid: 1, host: 'elsewhere' });
  const error = lockError();
  expect(error.message).toContain('(process 1 on elsewhere)');
  expect(error.hint).toBe(`Wait for it to end. If that computer is gone for good, remove ${path}.`);
});
