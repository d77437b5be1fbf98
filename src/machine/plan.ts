/**
 * The machine plan: the ordered steps that turn a fresh machine into a working one. The same for every machine
 * of a release; what differs (id, region, zone, index, address) is read from /var/lib/spot/machine.env.
 */
export interface MachinePlan {
  readonly deployment: string;
  readonly steps: readonly Step[];
}

export type Step = PreflightStep | PackagesStep | FilesStep | ScriptStep | HealthStep | FinishStep;

/** Waits for cloud-init and says so when it failed; checks disk space and the tools the runner needs. */
export interface PreflightStep {
  readonly kind: 'preflight';
  readonly id: 'preflight';
  readonly minimumFreeMegabytes: number;
}

/** Installs the Debian packages that the machine does not have yet; only in a plan that asks for some. */
export interface PackagesStep {
  readonly kind: 'packages';
  readonly id: 'packages';
  /** `name` or `name=version`. */
  readonly packages: readonly string[];
}

/** Compares every delivered file with its digest before anything runs. */
export interface FilesStep {
  readonly kind: 'files';
  readonly id: 'files';
}

/** Runs one of the project's scripts as a unit of its own. */
export interface ScriptStep {
  readonly kind: 'script';
  readonly id: string;
  readonly title: string;
  readonly command: readonly string[];
  readonly timeoutSeconds: number;
  readonly adopt: boolean;
}

/** Waits until every port is listened on. */
export interface HealthStep {
  readonly kind: 'health';
  readonly id: 'health';
  readonly ports: readonly number[];
  readonly timeoutSeconds: number;
}

/** Records what was activated, and reboots when asked to; the health step must then hold again. */
export interface FinishStep {
  readonly kind: 'finish';
  readonly id: 'finish';
  readonly reboot: boolean;
}

/** What a person calls a step, in `plan`, in the progress and in the logs. */
export function stepTitle(step: Step): string {
  switch (step.kind) {
    case 'preflight':
      return 'wait for cloud-init, check disk and tools';
    case 'packages':
      return `install ${step.packages.join(', ')}`;
    case 'files':
      return 'compare the files with their digests';
    case 'script':
      return step.title;
    case 'health':
      return step.ports.length === 0 ? 'check the services' : `wait for port ${step.ports.join(', ')}`;
    case 'finish':
      return step.reboot ? 'reboot, then check again' : 'record what is active';
  }
}
