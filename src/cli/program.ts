import { Command } from 'commander';
import { version } from '../../package.json';
import type { CommandSpec, Flags } from './command-spec.ts';
import { commandGroups, commandTable } from './command-table.ts';
import type { GlobalOptions } from './open-fleet.ts';

/** One command line, parsed. */
export interface CommandCall {
  readonly spec: CommandSpec;
  readonly args: readonly string[];
  readonly flags: Flags;
  readonly options: GlobalOptions;
}

export interface ProgramOutput {
  readonly writeOut: (text: string) => void;
  readonly writeErr: (text: string) => void;
  readonly columns: number | undefined;
}

/**
 * The parser of the whole command line. Wrong usage and `--help` are thrown as CommanderError, after any help
 * was written; a valid command is handed to `execute`. Options of the program are taken before and after the
 * command's name, which is commander's way unless positional options are enabled.
 */
export function buildProgram(output: ProgramOutput, execute: (call: CommandCall) => Promise<void>): Command {
  const program = new Command('spot')
    .description('Turns a folder with a deployment/setup.sh into a verified fleet of spot machines.')
    .version(version)
    .option('--project <dir>', 'the project folder (default: this one)')
    .option('--config <file>', 'the configuration (default: .spot/config.yaml of the project)')
    .option('--local', 'use the rehearsal cloud on this computer instead of AWS')
    .option('--json', 'print the result as JSON on stdout')
    .option('--yes', 'do not ask for confirmation')
    .option('--quiet', 'print only the result and errors')
    .option('--verbose', 'print everything that machines print')
    .option('--no-color', 'print without colours')
    .exitOverride()
    .configureOutput({
      writeOut: output.writeOut,
      writeErr: output.writeErr,
      // The error is thrown and rendered like every other.
      outputError: () => undefined,
      getOutHelpWidth: () => output.columns ?? 100,
      getErrHelpWidth: () => output.columns ?? 100,
    })
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', programHelp());

  const groups = new Map<string, Command>();
  for (const spec of commandTable) addCommand(parentOf(spec, program, groups), spec, program, execute);
  return program;
}

/** The program itself, or for `local serve` the group `local`, which is made when it is first met. */
function parentOf(spec: CommandSpec, program: Command, groups: Map<string, Command>): Command {
  const [group = '', name] = spec.name.split(' ');
  if (name === undefined) return program;
  const parent = groups.get(group) ?? program.command(group).description(commandGroups[group] ?? '');
  groups.set(group, parent);
  return parent;
}

function addCommand(
  parent: Command,
  spec: CommandSpec,
  program: Command,
  execute: (call: CommandCall) => Promise<void>,
): void {
  const command = parent.command(spec.name.split(' ').at(-1) ?? spec.name).description(spec.purpose);
  for (const { syntax, help } of spec.arguments ?? []) command.argument(syntax, help);
  for (const { syntax, help, parse } of spec.options ?? []) {
    if (parse === undefined) command.option(syntax, help);
    else command.option(syntax, help, parse);
  }
  command.addHelpText('after', commandHelp(spec));
  command.action(() =>
    execute({ spec, args: command.args, flags: command.opts(), options: globalOptions(program) }),
  );
}

function globalOptions(program: Command): GlobalOptions {
  const { project, config, local, yes, quiet, verbose, color, json } = program.opts();
  return {
    ...(project === undefined ? {} : { project }),
    ...(config === undefined ? {} : { config }),
    local: local === true,
    yes: yes === true,
    quiet: quiet === true,
    verbose: verbose === true,
    color: color !== false,
    json: json === true,
  };
}

function programHelp(): string {
  return `
Start here:
  spot create --local      rehearse on this computer
  spot create              deploy to AWS
  spot destroy             leave nothing behind

Exit codes: 0 done, 1 failed, 2 bad usage or invalid project, 3 partly done, 130 interrupted.
Results and JSON go to stdout; progress and errors to stderr. With --json an error is on stdout as well:
{"schema":"spot-deployer/error/v1","errors":[{"code","message","where","hint","evidence"}]}`;
}

function commandHelp({ name, json, exitCodes, examples }: CommandSpec): string {
  const pad = Math.max(...examples.map(([command]) => command.length));
  return [
    '',
    'Exit codes:',
    ...exitCodes.map(([code, meaning]) => `  ${String(code).padEnd(5)}${meaning}`),
    '',
    `With --json: ${json ?? `one document (spot-deployer/${name.replace(' ', '-')}/v1)`}`,
    '',
    'Examples:',
    ...examples.map(([command, effect]) => `  ${command.padEnd(pad)}  ${effect}`),
  ].join('\n');
}
