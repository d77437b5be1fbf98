import { once } from 'node:events';
import { openRehearsalCloud } from '../../rehearsal/rehearsal-cloud.ts';
import type { CommandHandler } from '../command-context.ts';

/** `spot local serve`: the rehearsal cloud for other EC2 clients, until Ctrl-C. Its machines outlive it. */
export const run: CommandHandler = async (context, _args, { port }) => {
  const cloud = await openRehearsalCloud({
    ...(port === undefined ? {} : { port }),
    onProgress: (text: string) => context.emit({ type: 'notice', text }),
  });
  try {
    const { endpoint } = cloud;
    context.write(
      context.options.json
        ? `${JSON.stringify({ schema: 'spot-deployer/local-serve/v1', endpoint })}\n`
        : greeting(endpoint),
    );
    if (!context.signal.aborted) await once(context.signal, 'abort');
  } finally {
    await cloud.close();
  }
  return { exitCode: 0 };
};

function greeting(endpoint: string): string {
  return `The rehearsal cloud answers at ${endpoint}

  export AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=rehearsal AWS_SECRET_ACCESS_KEY=rehearsal
  aws ec2 describe-instances --endpoint-url ${endpoint}

Ctrl-C ends it; its machines stay until \`spot local clean\`.
`;
}
