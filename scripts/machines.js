// Reads `spot list --json` on stdin and prints a line `ID HOST:PORT` for every port of every machine.
import { text } from 'node:stream/consumers';

const { machines } = JSON.parse(await text(process.stdin));
for (const { id, endpoints } of machines) {
  for (const endpoint of Object.values(endpoints)) process.stdout.write(`${id} ${endpoint}\n`);
}
