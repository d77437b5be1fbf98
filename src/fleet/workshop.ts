import type { CloudMachine } from '../cloud/machines.ts';
import { type SpotError, toSpotErrors } from '../errors/spot-error.ts';
import { BringUp } from './bring-up.ts';
import { saveEvidence } from './evidence.ts';
import type { Fleet } from './fleet.ts';
import { MachineAccess } from './machine-access.ts';
import { nameOf } from './machine-name.ts';
import type { Packing } from './prepare.ts';
import type { CreateFailure } from './report.ts';
import type { Survey } from './survey.ts';

/** Errors after which a machine cannot be asked for evidence. */
const beyondReach: readonly string[] = [
  'SPOT-E-MACHINE-UNREACHABLE',
  'SPOT-E-MACHINE-GONE',
  'SPOT-E-SSH-HOST-KEY',
  'SPOT-E-SSH-AUTH',
];

/** Where machines are finished, each by itself: one that fails keeps none of the others from getting ready. */
export class Workshop {
  readonly #fleet: Fleet;
  readonly #survey: Survey;
  readonly #packing: Packing;
  readonly #privateKey: string;
  readonly #detach: boolean;

  constructor(
    fleet: Fleet,
    input: { survey: Survey; packing: Packing; privateKey: string; detach: boolean },
  ) {
    this.#fleet = fleet;
    this.#survey = input.survey;
    this.#packing = input.packing;
    this.#privateKey = input.privateKey;
    this.#detach = input.detach;
  }

  /**
   * Brings one machine to ready.
   * @returns undefined, or why not, with the evidence saved
   */
  async finish(machine: CloudMachine): Promise<CreateFailure | undefined> {
    const access = new MachineAccess(this.#fleet, this.#survey, machine, this.#privateKey);
    try {
      await new BringUp(this.#fleet, access, { packing: this.#packing, detach: this.#detach }).run();
      return undefined;
    } catch (thrown) {
      this.#fleet.signal.throwIfAborted();
      const [error] = toSpotErrors(thrown) as [SpotError];
      return await this.#fail(access, error);
    } finally {
      access.close();
    }
  }

  async #fail(access: MachineAccess, error: SpotError): Promise<CreateFailure> {
    const machine = nameOf(access.machine);
    const evidence = beyondReach.includes(error.code) ? undefined : await this.#evidence(access);
    this.#fleet.emit({ type: 'failure', machine, error });
    this.#fleet.emit({ type: 'machine', machine, phase: 'failed', detail: error.message });
    if (this.#fleet.state.machine(machine.id)?.phase !== 'ready') {
      this.#fleet.state.updateMachine(machine.id, { phase: 'failed' });
    }
    return { machine, error, ...(evidence !== undefined && { evidence }) };
  }

  /** A machine that is too ill to be asked must not hide why it is ill. */
  async #evidence(access: MachineAccess): Promise<string | undefined> {
    try {
      const secrets = this.#packing.parcel.secrets.map(({ content }) => content);
      return await saveEvidence(this.#fleet, access, secrets);
    } catch (error) {
      const text = `No evidence could be had: ${error instanceof Error ? error.message : String(error)}`;
      this.#fleet.emit({ type: 'warning', text, machine: nameOf(access.machine) });
      return undefined;
    }
  }
}
