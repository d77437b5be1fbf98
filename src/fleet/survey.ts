import { type CloudMachine, describeDeployment } from '../cloud/machines.ts';
import { type Fleet, regionsOf } from './fleet.ts';

/** How old an answer may be, in milliseconds, before a waiting machine has its region asked again. */
const longestAge = 2_000;

/**
 * The machines of the deployment as the cloud shows them. One question a region serves all who wait there, so the
 * number of calls does not grow with the number of machines.
 */
export class Survey {
  readonly #fleet: Fleet;
  readonly #regions: readonly string[];
  readonly #answers = new Map<string, { at: number; machines: Promise<readonly CloudMachine[]> }>();

  constructor(fleet: Fleet, regions = regionsOf(fleet)) {
    this.#fleet = fleet;
    this.#regions = regions;
  }

  /** Every machine in every region, asked now. */
  async everything(): Promise<readonly CloudMachine[]> {
    const regions = await Promise.all(this.#regions.map((region) => this.region(region, 0)));
    return regions.flat();
  }

  /** The machines of every region that answers, and the regions that do not. */
  async reachable(): Promise<{
    readonly machines: readonly CloudMachine[];
    readonly failures: readonly { readonly region: string; readonly error: unknown }[];
  }> {
    const answers = await Promise.allSettled(this.#regions.map((region) => this.region(region, 0)));
    return {
      machines: answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : [])),
      failures: answers.flatMap((answer, index) =>
        answer.status === 'rejected' ? [{ region: this.#regions[index] ?? '', error: answer.reason }] : [],
      ),
    };
  }

  /** One machine, from an answer that is at most a moment old; undefined while (or when) the cloud does not show it. */
  async machine(region: string, id: string): Promise<CloudMachine | undefined> {
    return (await this.region(region, longestAge)).find((machine) => machine.id === id);
  }

  region(region: string, oldest: number): Promise<readonly CloudMachine[]> {
    const known = this.#answers.get(region);
    if (known && Date.now() - known.at < oldest) return known.machines;
    const machines = describeDeployment(this.#fleet.clients, region, this.#fleet.name);
    this.#answers.set(region, { at: Date.now(), machines });
    return machines;
  }
}
