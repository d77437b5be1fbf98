const secretFolder = /^(deployment\/)?(secrets|credentials)(\/|$)/;
const environmentFile = /(^|\/)\.env(\.[^/]+)?$/;
/** Files that are committed to show which variables there are. */
const environmentExample = /\.(example|sample|template|dist)$/;

/**
 * Whether what lies at `path` (relative to the project) is secret by its name: anything in a top-level or
 * `deployment/` folder `secrets` or `credentials`, that folder itself, and every `.env` and `.env.*` file but the
 * examples. Upper and lower case are one: a file system of a Mac does not tell them apart.
 */
export function isSecretPath(path: string, type: 'file' | 'directory' | 'symlink'): boolean {
  const name = path.toLowerCase();
  if (secretFolder.test(name)) return true;
  // A folder called .env is a Python environment, not a file of passwords.
  return type !== 'directory' && environmentFile.test(name) && !environmentExample.test(name);
}
