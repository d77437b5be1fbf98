import { SpotError } from '../errors/spot-error.ts';
import { askReport } from './ask-report.ts';
import { deliver } from './deliver.ts';
import type { MachinePhase } from './events.ts';
import type { Fleet } from './fleet.ts';
import { Follower } from './follow.ts';
import { inspect } from './inspect.ts';
import type { MachineAccess } from './machine-access.ts';
import { labelOf, nameOf } from './machine-name.ts';
import type { Parcel } from './parcel.ts';
import type { Packing } from './prepare.ts';
import { untilConnected } from './until-connected.ts';

/** How long a machine may take to answer over SSH: a new one has to boot first. */
const patienceMilliseconds = { new: 300_000, known: 60_000 };

/** Takes one machine from wherever it is to running and verified. Every stage may be repeated. */
export class BringUp {
  readonly #fleet: Fleet;
  readonly #access: MachineAccess;
  readonly #packing: Packing;
  readonly #detach: boolean;

  constructor(fleet: Fleet, access: MachineAccess, input: { packing: Packing; detach: boolean }) {
    this.#fleet = fleet;
    this.#access = access;
    this.#packing = input.packing;
    this.#detach = input.detach;
  }

  async run(): Promise<void> {
    await this.#connect();
    const { parcel, redact } = this.#packing;
    if (!(await this.#isReady(parcel.release.id))) {
      const journalLine = await this.#deliver(parcel);
      if (this.#detach) return;
      await new Follower(this.#access, parcel.release.id, this.#fleet.emit, redact).run(journalLine);
    }
    await this.#verify(parcel.release.id);
  }

  async #connect(): Promise<void> {
    const { id, state } = this.#access.machine;
    this.#phase(state === 'running' ? 'connecting' : 'booting');
    const patience = patienceMilliseconds[this.#fleet.state.machine(id)?.wasReady ? 'known' : 'new'];
    await untilConnected(() => this.#access.connected(patience));
  }

  async #isReady(release: string): Promise<boolean> {
    const report = await untilConnected(() => askReport(this.#access));
    if (report?.phase !== 'ready') return false;
    this.#fleet.state.updateMachine(this.#access.machine.id, { wasReady: true });
    return report.release === release;
  }

  /** @returns the journal line with which the attempt begins */
  async #deliver(parcel: Parcel): Promise<number> {
    this.#phase('delivering');
    const { id } = this.#access.machine;
    const index = this.#fleet.state.machine(id)?.index ?? 0;
    const journalLine = await untilConnected(() => deliver(this.#access, parcel, index, this.#fleet.emit));
    this.#fleet.state.updateMachine(id, { release: parcel.release.id, phase: 'delivered' });
    this.#phase('activating');
    return journalLine;
  }

  async #verify(release: string): Promise<void> {
    this.#phase('verifying');
    const checks = await untilConnected(() => inspect(this.#fleet, this.#access, release));
    const failed = checks.filter(({ ok }) => !ok);
    if (failed.length > 0) {
      throw new SpotError('SPOT-E-VERIFY-FAILED', {
        message: `${failed.length} of ${checks.length} checks do not hold.`,
        where: labelOf(this.#access.machine),
        evidence: failed.map(
          ({ n, id, expected, actual }) => `${n} ${id}: expected ${expected}, found ${actual}`,
        ),
      });
    }
    this.#fleet.state.updateMachine(this.#access.machine.id, { phase: 'ready', wasReady: true, release });
    this.#phase('ready');
  }

  #phase(phase: MachinePhase): void {
    this.#fleet.emit({ type: 'machine', machine: nameOf(this.#access.machine), phase });
  }
}
