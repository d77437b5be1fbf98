/**
 * Every error a user can meet: its exit code and the remedy that is printed when the place that raised it
 * knows no better one. The exit codes are 1 failed, 2 bad usage or invalid project, 3 partly done,
 * 130 interrupted. Codes are stable: scripts match on them.
 */
interface CatalogueEntry {
  readonly exit: 1 | 2 | 3 | 130;
  readonly title: string;
  readonly remedy: string;
}

const define = <Codes extends string>(entries: Record<Codes, CatalogueEntry>) => entries;

export const catalogue = define({
  // Usage and the project
  'SPOT-E-USAGE': { exit: 2, title: 'The command line is wrong', remedy: 'See `spot --help`.' },
  'SPOT-E-INTERNAL': {
    exit: 1,
    title: 'A defect in spot-deployer',
    remedy: 'Run again with --verbose and report the stack it prints.',
  },
  'SPOT-E-INTERRUPTED': {
    exit: 130,
    title: 'Interrupted',
    remedy: 'Run the command again: it goes on from what is there.',
  },
  'SPOT-E-PROJECT-NOT-FOUND': {
    exit: 2,
    title: 'No project here',
    remedy: 'Create deployment/setup.sh, or name the folder with --project DIR.',
  },
  'SPOT-E-PROJECT-UNREADABLE': {
    exit: 2,
    title: 'A file of the project cannot be read',
    remedy: 'Make it readable, or leave it out by a line in .spotignore.',
  },
  'SPOT-E-PROJECT-FILE-NAME': {
    exit: 2,
    title: 'A file name is not UTF-8',
    remedy: 'Rename the file, or leave it out by a line in .spotignore.',
  },
  'SPOT-E-PROJECT-SYMLINK': {
    exit: 2,
    title: 'A symbolic link leaves the project',
    remedy:
      'Link to a file inside the project by a relative path, copy the file in, or leave the link out by a line in .spotignore.',
  },
  'SPOT-E-PROJECT-CHANGED': {
    exit: 1,
    title: 'A file changed while it was being packed',
    remedy: 'Run the command again when nothing writes to the project.',
  },
  'SPOT-E-SCRIPT-INVALID': {
    exit: 2,
    title: 'A script cannot run as it is',
    remedy: 'Mend the script; `bash -n FILE` shows its syntax errors.',
  },
  'SPOT-E-NOT-SUPPORTED': {
    exit: 2,
    title: 'This version cannot do that',
    remedy: 'Remove what is named, or upgrade spot-deployer.',
  },
  // Configuration
  'SPOT-E-CONFIG-NOT-FOUND': {
    exit: 2,
    title: 'The configuration file does not exist',
    remedy: 'Check the path given to --config.',
  },
  'SPOT-E-CONFIG-SYNTAX': {
    exit: 2,
    title: 'The YAML cannot be read',
    remedy: 'Mend the YAML at the position named.',
  },
  'SPOT-E-CONFIG-UNKNOWN-KEY': {
    exit: 2,
    title: 'An unknown key',
    remedy: 'Remove it or mend its spelling; keys that begin with x- are yours.',
  },
  'SPOT-E-CONFIG-INVALID': {
    exit: 2,
    title: 'A value is not valid',
    remedy: 'Mend the value at the position named.',
  },
  'SPOT-E-CONFIG-NO-REGIONS': {
    exit: 2,
    title: 'No region to launch in',
    remedy: 'Add `regions:` to .spot/config.yaml, or rehearse with --local.',
  },
  'SPOT-E-USER-DATA-TOO-LARGE': {
    exit: 2,
    title: 'The user data is over 16,384 bytes',
    remedy: 'Install packages in deployment/setup.sh instead.',
  },
  // State
  'SPOT-E-STATE-LOCKED': {
    exit: 1,
    title: 'Another command works on this deployment',
    remedy: 'Wait for it to end.',
  },
  'SPOT-E-STATE-BROKEN': {
    exit: 1,
    title: 'The state folder cannot be read',
    remedy: 'Move .spot/state away; `spot destroy` finds the machines by their tags without it.',
  },
  'SPOT-E-STATE-UNWRITABLE': {
    exit: 2,
    title: 'The state or the cache cannot be written',
    remedy: 'Make that folder writable for you; for the cache, SPOT_CACHE_DIR names another.',
  },
  'SPOT-E-DISK-FULL': {
    exit: 2,
    title: 'No disk space is left',
    remedy: 'Free some space; `spot local clean` removes what rehearsals left.',
  },
  // The cloud
  'SPOT-E-CLOUD-UNREACHABLE': {
    exit: 1,
    title: 'The cloud does not answer',
    remedy: 'Check the network, then run the command again: nothing is launched twice.',
  },
  'SPOT-E-CLOUD-DENIED': {
    exit: 1,
    title: 'The cloud refuses these credentials',
    remedy: 'Check `aws sts get-caller-identity`, and that the identity has the permission named.',
  },
  'SPOT-E-CLOUD-REFUSED': {
    exit: 1,
    title: 'The cloud refused a request',
    remedy: 'Mend what the cloud names.',
  },
  'SPOT-E-CLOUD-CAPACITY': {
    exit: 1,
    title: 'No capacity for the machines asked for',
    remedy: 'Allow more types or regions, or try again later.',
  },
  'SPOT-E-CLOUD-QUOTA': {
    exit: 1,
    title: 'A quota of the account is reached',
    remedy: 'Ask AWS to raise it, destroy other machines, or use another region.',
  },
  'SPOT-E-IMAGE-NOT-FOUND': {
    exit: 1,
    title: 'No machine image found',
    remedy: 'Name an image id with `image:`.',
  },
  'SPOT-E-NETWORK-NONE': {
    exit: 1,
    title: 'The region has no default VPC',
    remedy: 'Create one with `aws ec2 create-default-vpc --region REGION`.',
  },
  'SPOT-E-DESTROY-REMAINS': {
    exit: 3,
    title: 'Something could not be removed',
    remedy: 'Run `spot destroy` again; it goes on where this one stopped.',
  },
  // The rehearsal cloud
  'SPOT-E-DOCKER-NONE': {
    exit: 2,
    title: 'No Docker here',
    remedy: 'Install Docker (Debian and Ubuntu: `apt-get install docker.io`), or rehearse elsewhere.',
  },
  'SPOT-E-DOCKER-DOWN': {
    exit: 2,
    title: 'The Docker engine does not answer',
    remedy:
      'Start it: `systemctl start docker`, Docker Desktop, or `dockerd` where there is no service manager.',
  },
  'SPOT-E-DOCKER-DENIED': {
    exit: 2,
    title: 'No permission on the Docker socket',
    remedy: 'Add yourself to the docker group (`sudo usermod -aG docker $USER`, then log in again).',
  },
  'SPOT-E-DOCKER-FAILED': { exit: 1, title: 'Docker could not do it', remedy: 'See what Docker said above.' },
  'SPOT-E-IMAGE-BUILD': {
    exit: 2,
    title: 'The machine image cannot be made',
    remedy: 'Make a container registry reachable, or install mmdebstrap (`apt-get install mmdebstrap`).',
  },
  'SPOT-E-PORT-TAKEN': {
    exit: 2,
    title: 'A port is taken',
    remedy: 'Stop what listens there, or choose another port.',
  },
  // Machines
  'SPOT-E-MACHINE-UNKNOWN': { exit: 2, title: 'No such machine', remedy: 'See `spot list`.' },
  'SPOT-E-MACHINE-FOREIGN': {
    exit: 1,
    title: 'Machines of this deployment that this folder has no key for',
    remedy: 'Destroy them with `spot destroy`, or choose another `name:` for this project.',
  },
  'SPOT-E-MACHINE-UNREACHABLE': {
    exit: 1,
    title: 'A machine does not answer over SSH',
    remedy: 'Check `ssh.allow` and the security group; `spot debug` collects what can be had.',
  },
  'SPOT-E-MACHINE-GONE': {
    exit: 1,
    title: 'A machine ended while it was needed',
    remedy: '`spot create` launches another in its place.',
  },
  'SPOT-E-SSH-HOST-KEY': {
    exit: 1,
    title: 'A machine shows a host key that is not its own',
    remedy:
      'Someone may be listening in, or the machine was changed by hand. Destroy it: `spot destroy MACHINE`.',
  },
  'SPOT-E-SSH-AUTH': {
    exit: 1,
    title: 'A machine does not accept our key',
    remedy: 'Destroy the machine and create it again.',
  },
  'SPOT-E-SSH-NONE': {
    exit: 2,
    title: 'No ssh command here',
    remedy: 'Install the OpenSSH client (Debian and Ubuntu: `apt-get install openssh-client`).',
  },
  'SPOT-E-DELIVERY': {
    exit: 1,
    title: 'The files did not reach the machine',
    remedy: '`spot create` resumes the upload where it stopped.',
  },
  'SPOT-E-STEP-FAILED': {
    exit: 1,
    title: 'A step failed on a machine',
    remedy: 'Mend it, then run `spot create` again.',
  },
  'SPOT-E-STEP-TIMEOUT': {
    exit: 1,
    title: 'A step did not end in its time',
    remedy: 'Raise `timeout:` in .spot/config.yaml, or find what waits.',
  },
  'SPOT-E-RUNNER-GONE': {
    exit: 1,
    title: 'The steps stopped on a machine',
    remedy: '`spot create` starts them again where they stopped; `spot debug` collects the evidence.',
  },
  'SPOT-E-PREFLIGHT': {
    exit: 1,
    title: 'A machine is not fit for the steps',
    remedy: 'Mend what it names; `spot logs MACHINE --step cloud-init` shows what cloud-init did.',
  },
  'SPOT-E-VERIFY-FAILED': {
    exit: 1,
    title: 'A machine does not pass its checks',
    remedy: '`spot verify` shows each check; `spot debug` collects the evidence.',
  },
});

export type ErrorCode = keyof typeof catalogue;
