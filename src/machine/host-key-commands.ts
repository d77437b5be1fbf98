import { rootCommand } from './root-command.ts';

const key = '/etc/ssh/ssh_host_ed25519_key';
const fresh = '/etc/ssh/spot-new-host-key';
/** Tells a key that a machine made for itself from the one that it was launched with. */
const comment = 'made by spot-deployer on this machine';

/**
 * Makes a new host key on the machine and prints its public part. Repeated, it prints the same one, even when that
 * is in its place already and sshd has yet to take it. The key that came with the launch stays in use until
 * `useNewHostKeyCommand`.
 */
export function makeNewHostKeyCommand(): string {
  return rootCommand(`
    if grep -q ' ${comment}$' ${key}.pub; then exec cat ${key}.pub; fi
    if [ ! -f ${fresh}.pub ]; then rm -f ${fresh}; ssh-keygen -q -t ed25519 -N '' -C '${comment}' -f ${fresh}; fi
    cat ${fresh}.pub`);
}

/** Puts the new host key in the place of every other one and has sshd use it; open connections stay. */
export function useNewHostKeyCommand(): string {
  return rootCommand(`
    if [ -f ${fresh} ]; then mv ${fresh} ${key}; fi
    if [ -f ${fresh}.pub ]; then mv ${fresh}.pub ${key}.pub; fi
    find /etc/ssh -maxdepth 1 -name 'ssh_host_*' ! -name 'ssh_host_ed25519_key*' -delete
    if systemctl cat ssh.service > /dev/null 2>&1; then unit=ssh.service; else unit=sshd.service; fi
    systemctl reload-or-restart "$unit"`);
}
