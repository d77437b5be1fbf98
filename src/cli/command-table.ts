import type { CommandSpec } from './command-spec.ts';
import { wholeNumber } from './whole-number.ts';

const machine = 'a machine id, as `spot list` shows it';
const invalidProject = [2, 'bad usage, or an invalid project: nothing was touched'] as const;
const interrupted = [130, 'interrupted: it says what exists and how to go on'] as const;
const countOption = {
  syntax: '--count <n>',
  help: 'machines in total, instead of `total_instances`',
  parse: wholeNumber(1, 10_000),
};

/** Every command of `spot`, in the order that `spot --help` lists them. */
export const commandTable: readonly CommandSpec[] = [
  {
    name: 'create',
    purpose: 'Launch what is missing, deliver the project, run it, and verify every machine',
    options: [
      countOption,
      { syntax: '--dry-run', help: 'only show what would be done, as `spot plan` does' },
      { syntax: '--detach', help: 'return when the machines have their files and run on alone' },
      { syntax: '--keep-failed', help: 'leave failed machines running, to look at them' },
    ],
    exitCodes: [
      [0, 'every machine is ready'],
      [1, 'no machine is ready'],
      invalidProject,
      [3, 'only some machines are ready'],
      interrupted,
    ],
    examples: [
      ['spot create --local', 'rehearse on this computer first'],
      ['spot create --count 6', 'grow the fleet to 6 machines'],
    ],
    json: 'a line an event (spot-deployer/event/v1), the last line is the result (spot-deployer/create/v1)',
    progress: 'lasting',
    jsonEvents: ({ dryRun }) => dryRun !== true,
    load: () => import('./commands/create.ts'),
  },
  {
    name: 'plan',
    purpose: 'Show what create would launch, upload, run and open; nothing is touched',
    options: [countOption],
    exitCodes: [[0, 'shown'], [1, 'the cloud did not answer'], invalidProject],
    examples: [['spot plan --local', 'see every file, its size and its mode']],
    progress: 'passing',
    load: () => import('./commands/plan.ts'),
  },
  {
    name: 'list',
    purpose: 'List the machines, their state and where they answer',
    exitCodes: [[0, 'listed'], [1, 'the cloud did not answer'], invalidProject],
    examples: [["spot list --json | jq -r '.machines[].address'", 'the addresses, for a script']],
    progress: 'passing',
    load: () => import('./commands/list.ts'),
  },
  {
    name: 'verify',
    purpose: 'Check every machine, or one, against what was deployed',
    arguments: [{ syntax: '[machine]', help: machine }],
    options: [{ syntax: '--tap', help: 'print TAP version 14, for test harnesses' }],
    exitCodes: [
      [0, 'every check holds'],
      [1, 'a check failed, or a machine does not answer'],
      invalidProject,
    ],
    examples: [
      ['spot verify', 'every machine, each check on a line'],
      ['spot verify --tap', 'the same for a test harness'],
    ],
    progress: 'passing',
    load: () => import('./commands/verify.ts'),
  },
  {
    name: 'logs',
    purpose: 'Show what a machine wrote while it was deployed',
    arguments: [{ syntax: '<machine>', help: machine }],
    options: [
      { syntax: '-f, --follow', help: 'go on with what is written from now on, until Ctrl-C' },
      { syntax: '--step <id>', help: 'the log of one step, as `spot plan` names it' },
    ],
    exitCodes: [[0, 'shown'], [1, 'the machine does not answer'], invalidProject],
    examples: [['spot logs i-0123456789abcdef0 --step setup', 'what setup.sh printed']],
    json: 'one document; with --follow a line (spot-deployer/log-line/v1) for each line of the log',
    progress: 'passing',
    load: () => import('./commands/logs.ts'),
  },
  {
    name: 'ssh',
    purpose: 'Open a shell on a machine, or run a command there',
    arguments: [
      { syntax: '<machine>', help: machine },
      {
        syntax: '[command...]',
        help: 'what to run, after `--`: words as they are, or one quoted command line',
      },
    ],
    exitCodes: [
      [0, 'the session ended well; otherwise its own exit code'],
      [255, 'ssh could not connect'],
      invalidProject,
    ],
    examples: [
      ['spot ssh i-0123456789abcdef0', 'a shell'],
      ['spot ssh i-0123456789abcdef0 -- uptime', 'one command'],
    ],
    json: 'the program and arguments that would be run, and runs nothing',
    progress: 'passing',
    load: () => import('./commands/ssh.ts'),
  },
  {
    name: 'debug',
    purpose: 'Collect the evidence of every machine, or one, into an archive each; secrets are redacted',
    arguments: [{ syntax: '[machine]', help: machine }],
    exitCodes: [
      [0, 'collected'],
      [1, 'no machine answers'],
      invalidProject,
      [3, 'some machines do not answer'],
    ],
    examples: [['spot debug i-0123456789abcdef0', 'journal, logs, units, disk and network of one machine']],
    progress: 'lasting',
    load: () => import('./commands/debug.ts'),
  },
  {
    name: 'destroy',
    purpose: 'Terminate the machines, remove what was made for them, and prove that nothing is left',
    arguments: [{ syntax: '[machines...]', help: 'only these machines' }],
    options: [{ syntax: '--all', help: 'every deployment of yours, not only this project' }],
    exitCodes: [
      [0, 'nothing is left'],
      [1, 'failed'],
      invalidProject,
      [3, 'something remains, and is named'],
      interrupted,
    ],
    examples: [
      ['spot destroy --local', 'end the rehearsal'],
      ['spot destroy --yes', 'without the question; needed where no one can answer it'],
    ],
    progress: 'lasting',
    load: () => import('./commands/destroy.ts'),
  },
  {
    name: 'local serve',
    purpose: 'Open the rehearsal cloud to other EC2 clients, on loopback, until Ctrl-C',
    options: [
      {
        syntax: '--port <n>',
        help: 'the port to listen on (default: a free one)',
        parse: wholeNumber(1, 65_535),
      },
    ],
    exitCodes: [
      [0, 'ended as asked'],
      [2, 'no Docker, or the port is taken'],
    ],
    examples: [
      [
        'spot local serve --port 4566',
        'prints the key to export, then: aws ec2 describe-instances --endpoint-url http://127.0.0.1:4566',
      ],
    ],
    progress: 'passing',
    load: () => import('./commands/local-serve.ts'),
  },
  {
    name: 'local clean',
    purpose: 'Remove every trace of the rehearsal cloud from this computer',
    exitCodes: [
      [0, 'nothing is left'],
      [1, 'failed'],
      [2, 'no Docker'],
    ],
    examples: [['spot local clean', 'machines, images and state of every rehearsal']],
    progress: 'lasting',
    load: () => import('./commands/local-clean.ts'),
  },
];

/** What the commands within a group have in common. */
export const commandGroups: Readonly<Record<string, string>> = {
  local: 'Serve or clean the rehearsal cloud on this computer',
};
