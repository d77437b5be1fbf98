import { withScratchProject } from './scratch-project.js';
import { bundle, spot } from './spot.js';
import { medianWallTimes } from './wall-time.js';

const rounds = 15;
const bareNode = ['-e', '0'];
const help = [bundle, '--help'];
const list = [bundle, 'list', '--local'];

/** What a person waits before anything can happen, as multiples of a bare node. */
export async function measureStartUp() {
  return withScratchProject(2, async (folder) => {
    const [bare, helped, listed] = medianWallTimes([bareNode, help, list], { rounds, cwd: folder });
    await spot(folder, ['create', '--local', '--yes']);
    const [bareAgain, listedTwo] = medianWallTimes([bareNode, list], { rounds, cwd: folder });
    return [
      row('spot --help', helped, bare, 1.8),
      row('spot list --local, no machines', listed, bare, 4),
      row('spot list --local, 2 machines', listedTwo, bareAgain, 4),
    ];
  });
}

function row(name, milliseconds, bare, limit) {
  const detail = `${milliseconds.toFixed(0)} ms against ${bare.toFixed(0)} ms of node -e 0`;
  return { name, measured: milliseconds / bare, limit, unit: '×', detail };
}
