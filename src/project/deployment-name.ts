import { createHash } from 'node:crypto';

/** What a deployment may be called: it becomes tag values, key pair names, container names and folder names. */
export const deploymentName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;

/**
 * The name of a deployment whose settings give none, made from its folder's name: accents are taken off, every
 * run of other characters becomes one hyphen, and the result is cut to 40 characters. A name with nothing left
 * (日本語) becomes `project-` and eight digits of its digest, so that two such folders stay apart.
 */
export function nameFromFolder(folderName: string): string {
  const slug = folderName
    // Decomposed, so that a Mac's and a Linux machine's spelling of one name give one slug.
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 40)
    .replace(/[^A-Za-z0-9]+$/, '');
  if (slug !== '') return slug;
  const digest = createHash('sha256').update(folderName.normalize('NFC')).digest('hex');
  return `project-${digest.slice(0, 8)}`;
}
