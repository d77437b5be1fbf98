import type { Actions } from '../api/action.ts';
import { accountId } from '../world/network.ts';

/** Whoever asks is the account's root. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export const identityActions: Actions = {
  GetCallerIdentity: {
    parameters: [],
    handle: () => ({ Arn: `arn:aws:iam::${accountId}:root`, UserId: accountId, Account: accountId }),
  },
};
