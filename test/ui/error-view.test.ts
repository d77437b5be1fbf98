import { describe, expect, it } from 'vitest';
import { SpotError, toSpotErrors } from '../../src/errors/spot-error.ts';
import { errorsText, errorText } from '../../src/ui/error-view.ts';
import { createPaint } from '../../src/ui/paint.ts';
import { plainLook, stepError } from './samples.ts';

describe('errorText', () => {
  it('says what, where, what to do, and shows the evidence without escape sequences', () => {
    expect(errorText(stepError, plainLook)).toBe(`\
SPOT-E-STEP-FAILED  deployment/setup.sh ended with exit code 7 after 1.3 s.
  where deployment/setup.sh:3
  next  Mend it, then run \`spot create\` again.

  │ + apt-get install nothing
  │ E: Unable to locate package nothing
  │ + exit 7
`);
  });

  it('says why by the chain of causes, each once', () => {
    const socket = new Error('connect ECONNREFUSED 203.0.113.7:22');
    const ssh = new Error('no SSH connection', { cause: socket });
    const wrapped = new Error('no SSH connection', { cause: ssh });
    const error = new SpotError('SPOT-E-MACHINE-UNREACHABLE', {
      message: 'i-1 does not answer.',
      hint: 'Wait.',
      cause: wrapped,
    });
    expect(errorText(error, plainLook)).toBe(`\
SPOT-E-MACHINE-UNREACHABLE  i-1 does not answer.
  why   no SSH connection
  why   connect ECONNREFUSED 203.0.113.7:22
  next  Wait.
`);
  });

  it('aligns a message of several lines and writes control characters out', () => {
    const error = new SpotError('SPOT-E-USAGE', { message: 'one\ntwo\u001b[2J', hint: 'a\nb' });
    expect(errorText(error, plainLook)).toBe(`\
SPOT-E-USAGE  one
  two\\u001b[2J
  next  a
        b
`);
  });

  it('shows the stack of a defect only when verbose', () => {
    const [defect] = toSpotErrors(new TypeError('x is not a function'));
    const text = errorText(defect as SpotError, plainLook);
    expect(text).toBe(`\
SPOT-E-INTERNAL  x is not a function
  next  Run again with --verbose and report the stack it prints.
`);
    expect(errorText(defect as SpotError, plainLook, true)).toContain(
      'TypeError: x is not a function\n    at ',
    );
  });

  it('colours the code', () => {
    expect(errorText(stepError, { paint: createPaint(true) })).toContain(
      '\u001b[31m\u001b[1mSPOT-E-STEP-FAILED\u001b[22m\u001b[39m',
    );
  });
});

describe('errorsText', () => {
  it('sets several errors apart', () => {
    const errors = ['a', 'b'].map((message) => new SpotError('SPOT-E-USAGE', { message, hint: 'h' }));
    expect(errorsText(errors, plainLook)).toBe(`\
SPOT-E-USAGE  a
  next  h

SPOT-E-USAGE  b
  next  h
`);
  });
});
