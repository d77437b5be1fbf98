import { EC2Client } from '@aws-sdk/client-ec2';
import type { CloudTarget } from './cloud-target.ts';

/**
 * The SDK clients of one target, one EC2 client a region. Two kinds: the ordinary one repeats a call that failed
 * for a passing reason; the launching one does not, because there InsufficientInstanceCapacity is an HTTP 500 that
 * the SDK would repeat, and the loop in launch.ts decides what to try again.
 */
export class Clients {
  readonly target: CloudTarget;
  readonly #ec2 = new Map<string, EC2Client>();

  constructor(target: CloudTarget) {
    this.target = target;
  }

  ec2(region: string): EC2Client {
    return this.#client(region, 3);
  }

  ec2Launcher(region: string): EC2Client {
    return this.#client(region, 1);
  }

  /** The settings that every service's client shares. */
  configuration(region: string): {
    region: string;
    endpoint?: string;
    credentials?: NonNullable<CloudTarget['credentials']>;
  } {
    const { endpoint, credentials } = this.target;
    return { region, ...(endpoint && { endpoint }), ...(credentials && { credentials }) };
  }

  close(): void {
    for (const client of this.#ec2.values()) client.destroy();
    this.#ec2.clear();
  }

  #client(region: string, maxAttempts: number): EC2Client {
    const key = `${region}/${maxAttempts}`;
    const known = this.#ec2.get(key);
    if (known) return known;
    const client = new EC2Client({ ...this.configuration(region), maxAttempts });
    this.#ec2.set(key, client);
    return client;
  }
}
