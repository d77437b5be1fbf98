import { once } from 'node:events';
import { openRehearsalCloud, type RehearsalCloud } from '../../rehearsal/rehearsal-cloud.ts';
import type { CommandHandler } from '../command-context.ts';

/** `spot local serve`: the rehearsal cloud for other EC2 clients, until Ctrl-C. Its machines outlive it. */
export const run: CommandHandler = async (context, _args, { port }) => {
  const cloud = await openRehearsalCloud({
    ...(port === undefined ? {} : { port }),
    onProgress: (text: string) => context.emit({ type: 'notice', text }),
  });
  try {
    const { endpoint, credentials } = cloud;
    context.write(
      context.options.json
        ? `${JSON.stringify({ schema: 'spot-deployer/local-serve/v1', endpoint, credentials })}\n`
        : greeting(cloud),
    );
    if (!context.signal.aborted) await once(context.signal, 'abort');
  } finally {
    await cloud.close();
  }
  return { exitCode: 0 };
};

function greeting({ endpoint, credentials }: RehearsalCloud): string {
  return `The rehearsal cloud answers at ${endpoint}

  export AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=${credentials.accessKeyId} AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}
  aws ec2 describe-instances --endpoint-url ${endpoint}

Nobody without this key is let in; the next \`spot local serve\` has another one.
Ctrl-C ends it; its machines stay until \`spot local clean\`.
`;
}
