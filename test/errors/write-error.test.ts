import { openSync, writeSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SpotError } from '../../src/errors/spot-error.ts';
import { writeError } from '../../src/errors/write-error.ts';

const thrown = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};

it('tells a full disk, as /dev/full is', () => {
  const error = thrown(() => writeSync(openSync('/dev/full', 'w'), 'x'));
  expect(writeError(error, '/cache/bundle.tar')).toMatchObject({
    code: 'SPOT-E-DISK-FULL',
    message: 'There is no room for /cache/bundle.tar.',
    where: '/cache/bundle.tar',
    cause: error,
  });
});

it('says what the system said about anything else', () => {
  const error = thrown(() => openSync('/none/bundle.tar', 'w'));
  expect(writeError(error, '/none/bundle.tar')).toMatchObject({
    code: 'SPOT-E-STATE-UNWRITABLE',
    message: '/none/bundle.tar cannot be written: ENOENT: no such file or directory.',
  });
});

it('leaves other errors alone', () => {
  for (const error of [new SpotError('SPOT-E-INTERNAL', { message: 'ours' }), new TypeError('a defect')]) {
    expect(writeError(error, '/x')).toBe(error);
  }
});
