import { cloudCall } from './aws-error.ts';
import type { Clients } from './clients.ts';

/**
 * Who the credentials belong to, as an ARN; the value of our owner tag. Of an assumed role without the session's
 * name: it differs from login to login, and from one CI job to the next.
 * @throws SPOT-E-CLOUD-DENIED
 */
export async function callerIdentity(clients: Clients, region: string): Promise<string> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const sts = new STSClient(clients.configuration(region));
  try {
    const { Arn } = await cloudCall('Asking who the credentials belong to', () =>
      sts.send(new GetCallerIdentityCommand({})),
    );
    return (Arn ?? '').replace(/(:assumed-role\/[^/]+)\/.*$/, '$1');
  } finally {
    sts.destroy();
  }
}
