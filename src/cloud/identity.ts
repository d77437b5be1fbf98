import { cloudCall } from './aws-error.ts';
import type { Clients } from './clients.ts';

/**
 * Who the credentials belong to, as an ARN; the value of our owner tag.
 * @throws SPOT-E-CLOUD-DENIED
 */
export async function callerIdentity(clients: Clients, region: string): Promise<string> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const sts = new STSClient(clients.configuration(region));
  try {
    const { Arn } = await cloudCall('Asking who the credentials belong to', () =>
      sts.send(new GetCallerIdentityCommand({})),
    );
    return Arn ?? '';
  } finally {
    sts.destroy();
  }
}
