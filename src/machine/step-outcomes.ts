import { type JournalLine, wholeRelease } from './journal.ts';

/** The latest line of each step, `progress` left out: it reports without changing how the step stands. */
export function stepOutcomes(journal: readonly JournalLine[]): ReadonlyMap<string, JournalLine> {
  return new Map(
    journal
      .filter((line) => line.step !== wholeRelease && line.state !== 'progress')
      .map((line) => [line.step, line]),
  );
}

/** `failed with exit code 7 after 1.2 s: deployment/setup.sh ended with exit code 7`; for a person. */
export function describeOutcome(line: JournalLine | undefined): string {
  if (line === undefined) return 'never ran';
  const words: string[] = [line.state];
  if (line.exit !== undefined) words.push(`with exit code ${line.exit}`);
  if (line.seconds !== undefined) words.push(`after ${line.seconds.toFixed(1)} s`);
  return words.join(' ') + (line.reason === undefined ? '' : `: ${line.reason}`);
}
