import { layout } from './layout.ts';
import { rootCommand } from './root-command.ts';

/**
 * Prints a tar with every file below 1 MiB that a release on the machine was sent as a secret (`secrets` of its records
 * names them), and with those that the runner kept of releases that it removed.
 */
export function secretFilesCommand(): string {
  return rootCommand(`
    {
      for list in ${layout.state}/releases/*/secrets; do
        if [ ! -f "$list" ]; then continue; fi
        release=$(basename "$(dirname "$list")")
        while IFS= read -r -d '' path; do
          path=${layout.releases}/$release/$path
          if [ -f "$path" ]; then printf '%s\\0' "$path"; fi
        done < "$list"
      done
      if [ -d ${layout.state}/former-secrets ]; then find ${layout.state}/former-secrets -type f -print0; fi
    } | while IFS= read -r -d '' path; do
      find "$path" -maxdepth 0 -type f -size -1024k -print0
    done | tar --create --absolute-names --null --no-recursion --files-from -`);
}
