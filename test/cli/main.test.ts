import { describe, expect, it } from 'vitest';
import { version } from '../../package.json';
import { commandTable } from '../../src/cli/command-table.ts';
import { main } from '../../src/cli/main.ts';
import { testIo } from './test-io.ts';

async function spot(...argv: readonly string[]) {
  const io = testIo();
  const exitCode = await main(argv, io);
  return { exitCode, stdout: io.stdout.text, stderr: io.stderr.text };
}

describe('help', () => {
  it('lists every command on stdout', async () => {
    const { exitCode, stdout, stderr } = await spot('--help');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const { name } of commandTable) expect(stdout).toContain(`\n  ${name.split(' ')[0]}`);
  });

  it.each(commandTable.map(({ name }) => name))(
    'of %s says what it is for, its exit codes and an example',
    async (name) => {
      const { exitCode, stdout } = await spot(...name.split(' '), '--help');
      expect(exitCode).toBe(0);
      expect(stdout).toContain(`Usage: spot ${name}`);
      expect(stdout).toMatch(/\nExit codes:\n {2}0 {4}\S/u);
      expect(stdout).toMatch(/\nExamples:\n {2}spot /u);
      expect(stdout).toContain('--project <dir>');
    },
  );

  it('is printed to stderr, with exit code 2, when there is no command', async () => {
    const { exitCode, stdout, stderr } = await spot();
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('Usage: spot ');
  });
});

describe('version', () => {
  it('is that of the package', async () => {
    expect(await spot('--version')).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('wrong usage', () => {
  it.each([
    [['crate'], "Unknown command 'crate'", 'Did you mean create?'],
    [['create', '--loca'], "Unknown option '--loca'", 'Did you mean --local?'],
    [['--jsno', 'list'], "Unknown option '--jsno'", 'Did you mean --json?'],
    [
      ['create', '--count', '0'],
      "Option '--count <n>' argument '0' is invalid. It must be a whole number from 1 to 10000.",
      'See `spot --help`.',
    ],
    [['logs'], "Missing required argument 'machine'", 'See `spot --help`.'],
    [
      ['verify', 'i-1', 'i-2'],
      "Too many arguments for 'verify'. Expected 1 argument but got 2.",
      'See `spot --help`.',
    ],
    [['--project'], "Option '--project <dir>' argument missing", 'See `spot --help`.'],
  ])('%j', async (argv, message, hint) => {
    expect(await spot(...argv)).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `SPOT-E-USAGE  ${message}\n  next  ${hint}\n`,
    });
  });

  it('is a document with --json', async () => {
    const { exitCode, stdout } = await spot('list', '--json', '--nope');
    expect({ exitCode, document: JSON.parse(stdout) }).toEqual({
      exitCode: 2,
      document: {
        schema: 'spot-deployer/error/v1',
        errors: [
          {
            code: 'SPOT-E-USAGE',
            message: "Unknown option '--nope'",
            hint: 'See `spot --help`.',
            evidence: [],
          },
        ],
      },
    });
  });

  it('does not take --json for ours after `--`', async () => {
    expect((await spot('ssh', '--nope', 'i-1', '--', 'cmd', '--json')).stdout).toBe('');
  });
});
