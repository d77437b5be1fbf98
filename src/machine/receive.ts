import { layout } from './layout.ts';
import { rootCommand } from './root-command.ts';
import { quoteShell } from './shell.ts';

/**
 * How a release reaches a machine: remote commands, as text, that take a bundle (a tar stream on standard input) to
 * its folder. Each can be cut anywhere and repeated.
 */
const releaseFolder = (id: string) => `${layout.releases}/${id}`;

/** Where a release is unpacked to before it is complete. */
export function partialFolder(id: string): string {
  return `${releaseFolder(id)}.partial`;
}

/** Prints `complete`, or how many bytes of the bundle are there. */
export function receivedCommand(id: string): string {
  const part = quoteShell(`${layout.incoming}/${id}.tar`);
  return rootCommand(`
    if [ -d ${quoteShell(releaseFolder(id))} ]; then echo complete
    elif [ -f ${part} ]; then stat --format=%s ${part}
    else echo 0; fi`);
}

/**
 * Ends a receiver that still waits on a dead connection, and waits until nothing of it is left: two must not write
 * to one place. A lock tells, as it is held until the last process that was started under it has ended. A holder
 * that is at work has a second to end by itself, or to write down which process group it is.
 */
const takeOver = `
    mkdir -p /run/spot
    exec 9<> /run/spot/receiver
    until flock --timeout 1 9; do kill -- "-$(cat /run/spot/receiver)" || echo "it has just ended" >&2; done
    ps -o pgid= -p $$ | tr -d ' ' > /run/spot/receiver`;

/**
 * Takes the bundle from byte `offset` on. From the start it is unpacked while it arrives, and kept aside so that a
 * cut connection loses nothing; the rest of a cut bundle is added to what is there and all is unpacked then.
 * What is there of other releases was given up, and goes.
 */
export function receiveCommand(id: string, offset: number, total: number): string {
  const part = quoteShell(`${id}.tar`);
  const partial = quoteShell(partialFolder(id));
  const unpack = `tar --extract --preserve-permissions --no-same-owner --directory ${partial} --file`;
  return rootCommand(`
    umask 077
    ${takeOver}
    mkdir -p ${quoteShell(layout.incoming)}
    cd ${quoteShell(layout.incoming)}
    find . -type f ! -name ${part} -delete
    rm -rf ${quoteShell(layout.releases)}/*.partial
    mkdir -p -m 755 ${quoteShell(layout.releases)} ${partial}
    ${
      offset === 0
        ? `tee ${part} | ${unpack} -`
        : `truncate --size ${offset} ${part}; cat >> ${part}; test "$(stat --format=%s ${part})" -eq ${total}; ${unpack} ${part}`
    }
    test "$(stat --format=%s ${part})" -eq ${total}`);
}

/**
 * Takes the small rest (a tar stream with absolute places: plan, records, runner, secrets), gives the release its
 * final name and hands over to the runner, which goes on by itself from here.
 */
export function installCommand(id: string): string {
  const folder = quoteShell(releaseFolder(id));
  const partial = quoteShell(partialFolder(id));
  return rootCommand(`
    ${takeOver}
    mkdir -p -m 700 ${quoteShell(layout.state)} ${quoteShell(`${layout.state}/releases`)} ${quoteShell(`${layout.state}/releases/${id}`)}
    tar --extract --preserve-permissions --no-same-owner --no-overwrite-dir --directory / --file -
    if [ ! -d ${folder} ]; then mv --no-target-directory ${partial} ${folder}; fi
    rm -f ${quoteShell(`${layout.incoming}/${id}.tar`)}
    exec ${quoteShell(layout.runner)} activate ${quoteShell(id)}`);
}
