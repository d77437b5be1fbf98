import spawn, { SubprocessError } from 'nano-spawn';

export interface SyntaxMistake {
  readonly line: number;
  /** What bash says, without the file's name. */
  readonly message: string;
}

/** Bash 3 (macOS) does not know all of bash 5's syntax, so it must not judge. */
const newEnough = 'if ((BASH_VERSINFO[0] >= 4)); then exec bash -O extglob -n -- "$1"; fi';

/**
 * What `bash -n` finds wrong with the script at an absolute path; nothing of it is run. `undefined` when it finds
 * nothing or when there is no bash here that could tell. `extglob` is on because a script that turns it on with
 * `shopt` does so only when it runs.
 */
export async function bashSyntaxError(path: string): Promise<SyntaxMistake | undefined> {
  try {
    await spawn('bash', ['--norc', '--noprofile', '-c', newEnough, 'bash', path], {
      // Without BASH_ENV, which would be read first, and in English.
      env: { BASH_ENV: undefined, LC_ALL: 'C' },
      stdin: 'ignore',
      timeout: 10_000,
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof SubprocessError)) throw error;
    const said = /: line (\d+): (.*)/.exec(error.stderr);
    if (said === null) return undefined;
    return { line: Number(said[1]), message: said[2] as string };
  }
}
