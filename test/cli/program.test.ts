import { expect, it } from 'vitest';
import { buildProgram, type CommandCall } from '../../src/cli/program.ts';

async function parse(...argv: readonly string[]): Promise<CommandCall> {
  const calls: CommandCall[] = [];
  const output = { writeOut: () => undefined, writeErr: () => undefined, columns: undefined };
  await buildProgram(output, async (call) => {
    calls.push(call);
  }).parseAsync(argv, { from: 'user' });
  expect(calls).toHaveLength(1);
  return calls[0] as CommandCall;
}

const defaults = { local: false, yes: false, quiet: false, verbose: false, color: true, json: false };

it('takes global options before and after the command', async () => {
  const expected = { ...defaults, project: '/p', config: 'c.yaml', local: true, color: false };
  const before = await parse('--project', '/p', '--config', 'c.yaml', '--local', '--no-color', 'list');
  const behind = await parse('list', '--project=/p', '--local', '--config', 'c.yaml', '--no-color');
  expect([before.options, behind.options]).toEqual([expected, expected]);
});

it('leaves options out that were not given', async () => {
  const { options, flags, args } = await parse('create');
  expect({ options, flags, args }).toEqual({ options: defaults, flags: {}, args: [] });
});

it('reads the options of a command', async () => {
  const { spec, flags } = await parse('create', '--count', '6', '--dry-run', '--detach', '--keep-failed');
  expect([spec.name, flags]).toEqual(['create', { count: 6, dryRun: true, detach: true, keepFailed: true }]);
});

it('gives everything after `--` to the command on the machine', async () => {
  const { args, options } = await parse('ssh', 'i-1', '--', 'ls', '-la', '--json', '--', '--local');
  expect(args).toEqual(['i-1', 'ls', '-la', '--json', '--', '--local']);
  expect(options).toEqual(defaults);
});

it('finds commands within a group', async () => {
  const { spec, flags } = await parse('local', 'serve', '--port', '4566');
  expect([spec.name, flags]).toEqual(['local serve', { port: 4566 }]);
});

it('takes several machines', async () => {
  expect((await parse('destroy', 'i-1', 'i-2', '--yes')).args).toEqual(['i-1', 'i-2']);
});
