import { contentReader } from './content.ts';
import { type IsExcluded, readExclusions } from './exclusions.ts';
import { inspectLinks } from './inspect-links.ts';
import { isSecretPath } from './secret-path.ts';
import { walk } from './walk.ts';

/**
 * The content of each secret file of a project, as far as it can be had: for redaction, where a project that cannot
 * be deployed as it is must not keep anybody from a log. Reads no other file.
 * @param root absolute path of the project
 * @param patterns `exclude:` of the settings
 */
export async function secretContents(root: string, patterns: readonly string[]): Promise<readonly Buffer[]> {
  const { found } = await walk(root, exclusions(root, patterns));
  const { leadsToSecret } = inspectLinks(root, found);
  const read = contentReader();
  const contents: Buffer[] = [];
  for (const { type, path } of found) {
    if (type !== 'file' || !(isSecretPath(path, type) || leadsToSecret(path))) continue;
    const chunks: Buffer[] = [];
    const whole = await read(`${root}/${path}`, (chunk) => chunks.push(Buffer.from(chunk))).catch(
      () => undefined,
    );
    if (whole !== undefined) contents.push(Buffer.concat(chunks));
  }
  return contents;
}

/** Where `.spotignore` cannot be read, more files are looked at than are sent. */
function exclusions(root: string, patterns: readonly string[]): IsExcluded {
  try {
    return readExclusions(root, patterns);
  } catch {
    return () => false;
  }
}
