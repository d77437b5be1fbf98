import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'suite-totals-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Leaves what test.sh leaves of a suite: its exit code, and the report where vitest wrote one. */
function leave(suite: string, exitCode: number, report?: object): void {
  writeFileSync(join(folder, `${suite}.status`), `${exitCode}\n`);
  if (report) writeFileSync(join(folder, `${suite}.json`), JSON.stringify(report));
}

function report(counts: {
  passed?: number;
  failed?: number;
  pending?: number;
  todo?: number;
  testResults?: object[];
}) {
  return {
    numPassedTests: counts.passed ?? 0,
    numFailedTests: counts.failed ?? 0,
    numPendingTests: counts.pending ?? 0,
    numTodoTests: counts.todo ?? 0,
    testResults: counts.testResults ?? [],
  };
}

function totals() {
  const { stdout, status } = spawnSync(process.execPath, ['scripts/suite-totals.js', folder], {
    encoding: 'utf8',
  });
  return { stdout, status };
}

describe('suite-totals', () => {
  it('counts a suite without a report as one test', () => {
    leave('check', 0);
    expect(totals()).toEqual({ stdout: '1 passed, 0 failed\n', status: 0 });
  });

  it('sums the suites and exits 1 when one failed', () => {
    leave('check', 2);
    leave('unit', 0, report({ passed: 40 }));
    leave('e2e', 1, report({ passed: 5, failed: 2 }));
    expect(totals()).toEqual({ stdout: '45 passed, 3 failed\n', status: 1 });
  });

  it('names skipped tests only when there are any', () => {
    leave('unit', 0, report({ passed: 3, pending: 1, todo: 1 }));
    expect(totals()).toEqual({ stdout: '3 passed, 0 failed, 2 skipped\n', status: 0 });
  });

  it('counts a file that does not load as one failure', () => {
    leave('unit', 1, report({ passed: 3, testResults: [{ status: 'failed', assertionResults: [] }] }));
    expect(totals()).toEqual({ stdout: '3 passed, 1 failed\n', status: 1 });
  });

  it('does not count a file of failed tests a second time', () => {
    const failed = { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] };
    leave('unit', 1, report({ passed: 1, failed: 1, testResults: [failed] }));
    expect(totals()).toEqual({ stdout: '1 passed, 1 failed\n', status: 1 });
  });

  it('counts an error outside of every test', () => {
    leave('unit', 1, report({ passed: 3 }));
    expect(totals()).toEqual({ stdout: '3 passed, 1 failed\n', status: 1 });
  });

  it('fails when nothing ran', () => {
    expect(totals()).toEqual({ stdout: '0 passed, 0 failed\n', status: 1 });
  });
});
