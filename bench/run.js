// Measures what the project promises about its speed and size, side by side with a bare baseline in the same run.
// Exits 1 when something could not be measured, or with --check when a limit is exceeded.
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureCreate } from './create.js';
import { measureDelivery } from './delivery.js';
import { measureMemory } from './memory.js';
import { bundle } from './spot.js';
import { measureStartUp } from './start-up.js';
import { isExceeded, renderTable } from './table.js';

const measurements = {
  'start-up': measureStartUp,
  delivery: measureDelivery,
  create: measureCreate,
  memory: measureMemory,
};

const usage = `Usage: npm run bench -- [--check] [--json] [${Object.keys(measurements).join('|')}]...

  --check  exit 1 when a limit is exceeded
  --json   print {"schema":"spot-deployer/bench/v1","rows":[…]}
`;

const { values: flags, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { check: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
});

// Ctrl-C reaches the command that is being measured as well: it ends, and the measurement cleans up after it.
let interrupted = false;
process.on('SIGINT', () => {
  interrupted = true;
});

/** Runs the measurements one after another; one that fails leaves the others be. */
async function measureAll(names) {
  const rows = [];
  const failures = [];
  for (const name of names) {
    if (interrupted) break;
    process.stderr.write(`Measuring ${name}\n`);
    try {
      rows.push(...(await measurements[name]()));
    } catch (error) {
      failures.push(`${name}: ${error.message}`);
    }
  }
  return { rows, failures };
}

const unknown = wanted.find((name) => !Object.hasOwn(measurements, name));
if (flags.help || unknown) {
  process.stderr.write(unknown ? `No such measurement: ${unknown}\n\n${usage}` : usage);
  process.exit(unknown ? 2 : 0);
}

if (!existsSync(bundle)) {
  process.stderr.write('There is no dist/spot.js yet: run `npm run build` first.\n');
  process.exit(1);
}

const { rows, failures } = await measureAll(wanted.length > 0 ? wanted : Object.keys(measurements));
process.stdout.write(
  flags.json ? `${JSON.stringify({ schema: 'spot-deployer/bench/v1', rows })}\n` : renderTable(rows),
);
for (const failure of failures) process.stderr.write(`Not measured: ${failure}\n`);
if (interrupted) process.exitCode = 130;
else if (failures.length > 0 || (flags.check && rows.some(isExceeded))) process.exitCode = 1;
