// Sums what the suites of test.sh left in a folder and prints `N passed, N failed[, N skipped]`.
// Exits 1 when anything failed, or when nothing ran at all.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Counts of one suite. Without a report of vitest's, the suite is itself one test: its exit code. */
function countSuite(folder, name) {
  const exitCode = Number(readFileSync(join(folder, `${name}.status`), 'utf8'));
  const report = join(folder, `${name}.json`);
  if (!existsSync(report))
    return { passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 };
  const counts = countTests(JSON.parse(readFileSync(report, 'utf8')));
  // Vitest exits non-zero for an error outside of any test too; that must not read as success.
  if (exitCode !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

/** Counts of vitest's JSON report. A file that failed without a failed test (it did not load) is one failure. */
function countTests(report) {
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

const [folder] = process.argv.slice(2);
const suites = readdirSync(folder)
  .filter((file) => file.endsWith('.status'))
  .map((file) => countSuite(folder, file.slice(0, -'.status'.length)));
const sum = (kind) => suites.reduce((total, counts) => total + counts[kind], 0);
const skipped = sum('skipped');
process.stdout.write(
  `${sum('passed')} passed, ${sum('failed')} failed${skipped ? `, ${skipped} skipped` : ''}\n`,
);
process.exitCode = sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;
