import { z } from 'zod';
import { parseDuration } from './duration.ts';

/*
 * The kinds of values that settings have. The `error` of each says what is expected, to be put after "must be".
 */

export function wholeNumber(minimum: number, maximum: number) {
  const error = `a whole number from ${minimum} to ${maximum}`;
  return z.number(error).int(error).min(minimum, error).max(maximum, error);
}

export function text(pattern: RegExp, error: string) {
  return z.string(error).regex(pattern, error);
}

/** `90s`, `30m`, `12h`, `2d`, as seconds. */
export function duration() {
  const error = ({ input }: { input?: unknown }) =>
    typeof input === 'number'
      ? `a duration with its unit, such as ${input}s`
      : 'a duration such as 90s, 30m, 12h or 2d';
  return z
    .string({ error })
    .refine((value) => parseDuration(value) !== undefined, { error })
    .transform((value) => parseDuration(value) as number);
}

export const price = z
  .number('a price in USD an hour, such as 0.05')
  .positive('a price in USD an hour, such as 0.05');

/** A volume must hold the system image (8 GB); 16,384 GB is the largest gp3 volume everywhere. */
export const storageGb = wholeNumber(8, 16_384);

export const filePath = text(/^[^\0]+$/, 'the path of a file');

/** Limits of AWS: keys to 128 and values to 256 characters, `aws:` reserved; `spot-deployer:` is ours. */
export const tags = z.record(
  text(
    /^(?!aws:|spot-deployer:)[^\p{C}]{1,128}$/iu,
    'a tag of at most 128 characters that does not begin with aws: or spot-deployer:',
  ),
  z.string('text, in quotes where YAML sees something else').max(256, 'text of at most 256 characters'),
  'a map of tags to their values',
);

/** A list without repetitions. */
export function listOf<Item extends z.ZodType>(item: Item, error: string) {
  return z.array(item, error).superRefine((values, context) => {
    if (!Array.isArray(values)) return;
    values.forEach((value, index) => {
      if (values.indexOf(value) === index) return;
      context.addIssue({
        code: 'custom',
        path: [index],
        message: 'something that is not in the list already',
      });
    });
  });
}

/** For a rule that is checked even where others are broken, so that all mistakes are shown at once. */
export const alsoAfterIssues = { when: () => true };

/** What an issue of ours says beyond zod's own fields. */
export type IssueParams =
  /** It is the key that is wrong, not its value. */
  | { readonly kind: 'key' }
  /** The key is known but cannot be honoured; `hint` says what to do instead. */
  | { readonly kind: 'unsupported'; readonly hint: string };

export const aboutKey: IssueParams = { kind: 'key' };

/** A key of the first tool that cannot be honoured unless it has a value that changes nothing. */
export function unsupported(hint: string, harmless?: unknown) {
  const params: IssueParams = { kind: 'unsupported', hint };
  return z.custom<unknown>((value) => harmless !== undefined && value === harmless, { params }).optional();
}
