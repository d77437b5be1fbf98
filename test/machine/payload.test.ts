import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { layout } from '../../src/machine/layout.ts';
import { runnerText, runnerUnitText } from '../../src/machine/payload.ts';

const folder = new URL('../../src/machine/runner/', import.meta.url);

it('holds every part of the runner, in the order of their numbers', () => {
  const parts = readdirSync(folder).sort();
  expect(runnerText).toBe(parts.map((part) => readFileSync(new URL(part, folder), 'utf8')).join('\n'));
});

it('is a bash script', () => {
  expect(runnerText.startsWith('#!/bin/bash\n')).toBe(true);
  expect(execFileSync('bash', ['-n'], { input: runnerText }).toString()).toBe('');
});

it('uses the places of the layout', () => {
  for (const path of [layout.releases, layout.current, layout.runner, layout.state, layout.logs]) {
    expect(runnerText).toContain(`=${path}\n`);
  }
});

it('is started by its unit', () => {
  expect(runnerUnitText).toContain(`ExecStart=${layout.runner} run\n`);
});
