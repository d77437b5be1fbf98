import { rootCommand } from './root-command.ts';

const fresh = '/etc/ssh/spot-new-host-key';

/**
 * Makes a new host key on the machine and prints its public part. Repeated, it prints the same one.
 * The key that came with the launch stays in use until `useNewHostKeyCommand`.
 */
export function makeNewHostKeyCommand(): string {
  return rootCommand(`
    test -f ${fresh}.pub || { rm -f ${fresh}; ssh-keygen -q -t ed25519 -N '' -C '' -f ${fresh}; }
    cat ${fresh}.pub`);
}

/** Puts the new host key in the place of every other one and has sshd use it; open connections stay. */
export function useNewHostKeyCommand(): string {
  return rootCommand(`
    mv ${fresh} /etc/ssh/ssh_host_ed25519_key
    mv ${fresh}.pub /etc/ssh/ssh_host_ed25519_key.pub
    find /etc/ssh -maxdepth 1 -name 'ssh_host_*' ! -name 'ssh_host_ed25519_key*' -delete
    if systemctl cat ssh.service > /dev/null 2>&1; then unit=ssh.service; else unit=sshd.service; fi
    systemctl reload-or-restart "$unit"`);
}
