import { join } from 'node:path';
import { writeFileTree } from './file-tree.js';
import { median } from './median.js';
import { secondsOfTarOverSsh } from './plain-ssh.js';
import { withScratchProject } from './scratch-project.js';
import { spotLines } from './spot.js';

const rounds = 3;

/** Delivering 10,000 files, from the connection to the files in place, against `tar | ssh tar` to the same machine. */
export async function measureDelivery() {
  return withScratchProject(1, async (project) => {
    const tree = join(project, 'tree');
    const delivered = [];
    const piped = [];
    for (let round = 0; round < rounds; round++) {
      writeFileTree(tree, round);
      const { seconds, machine } = await deliver(project);
      delivered.push(seconds);
      piped.push(await secondsOfTarOverSsh(project, machine, tree, `round-${round}`));
    }
    const [ours, plain] = [median(delivered), median(piped)];
    return [
      {
        name: 'delivering 10,000 files',
        measured: ours / plain,
        limit: 1.3,
        unit: '×',
        detail: `${ours.toFixed(2)} s against ${plain.toFixed(2)} s of tar | ssh tar`,
      },
    ];
  });
}

/** Creates, or brings up to date, the one machine of the project; `seconds` is how long it was in `delivering`. */
async function deliver(project) {
  const lines = await spotLines(project, ['create', '--local', '--yes']);
  const phases = lines.filter(({ event }) => event === 'machine');
  const began = (wanted) => Date.parse(phases.find(({ phase }) => phase === wanted)?.at);
  const seconds = (began('activating') - began('delivering')) / 1000;
  if (Number.isNaN(seconds)) throw new Error('`create` delivered nothing');
  return { seconds, machine: phases[0].machine.id };
}
