import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SpotError } from '../errors/spot-error.ts';
import { bashSyntaxError } from './bash-syntax.ts';
import type { FileEntry } from './deployment.ts';
import { unreadable } from './unreadable.ts';

/**
 * How the machine runs a script of the project: by its own shebang when it is executable, else through the
 * program that its shebang names, else through bash. Paths are relative to the release's folder.
 *
 * @param file the script's file in the project
 * @throws SPOT-E-SCRIPT-INVALID for a script that no machine could run, naming the line
 */
export async function scriptCommand(root: string, file: FileEntry): Promise<readonly string[]> {
  const text = readScript(root, file.path);
  const shebang = /^#!\s*(\S+)[ \t]*(.*)/.exec(text);
  const interpreter = shebang === null ? ['bash'] : shebang.slice(1).filter((word) => word.trim() !== '');
  if (isBash(interpreter)) {
    const mistake = await bashSyntaxError(join(root, file.path));
    if (mistake !== undefined) throw invalid(file.path, mistake.line, mistake.message);
  }
  const program = `./${file.path}`;
  const executable = (file.mode & 0o100) !== 0;
  // Without a shebang the kernel does not execute a text (ENOEXEC), whatever its mode.
  return shebang !== null && executable ? [program] : [...interpreter.map((word) => word.trim()), program];
}

function readScript(root: string, path: string): string {
  let text: string;
  try {
    text = readFileSync(join(root, path), 'utf8');
  } catch (error) {
    throw unreadable(path, error);
  }
  if (text.trim() === '') throw invalid(path, 1, 'the script is empty');
  if (text.startsWith('\uFEFF')) {
    const hint = `Remove it: sed -i '1s/^\\xEF\\xBB\\xBF//' ${path}`;
    throw invalid(path, 1, 'it begins with a byte order mark, which hides the shebang', hint);
  }
  const carriageReturn = text.indexOf('\r\n');
  if (carriageReturn !== -1) {
    const line = text.slice(0, carriageReturn).split('\n').length;
    const hint = `Convert it: sed -i 's/\\r$//' ${path}`;
    throw invalid(
      path,
      line,
      'it has Windows line endings (CRLF), which bash takes for a part of each word',
      hint,
    );
  }
  return text;
}

function isBash(interpreter: readonly string[]): boolean {
  return interpreter.some((part) => /(^|[\s/])bash(\s|$)/.test(part));
}

function invalid(path: string, line: number, why: string, hint?: string): SpotError {
  return new SpotError('SPOT-E-SCRIPT-INVALID', {
    message: `${path} cannot run: ${why}.`,
    where: `${path}:${line}`,
    ...(hint === undefined ? {} : { hint }),
  });
}
