import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { CreateResult, ListReport, VerifyReport } from '../../src/fleet/report.ts';
import { launchOnly } from './support/launched-only.ts';
import { Rehearsal } from './support/rehearsal.ts';

const project = { 'deployment/setup.sh': '#!/bin/bash\necho set up\n' };
const keyFile = '/etc/ssh/ssh_host_ed25519_key';
/** systemd would take so many restarts for a loop. */
const restartSshd = 'systemctl reset-failed ssh; systemctl restart ssh';
const useKey = `chmod 600 ${keyFile} && ssh-keygen -y -f ${keyFile} > ${keyFile}.pub && ${restartSshd}`;

/** A machine as seen from behind, with docker. */
class Backdoor {
  readonly #rehearsal: Rehearsal;
  readonly #id: string;

  constructor(rehearsal: Rehearsal, id: string) {
    this.#rehearsal = rehearsal;
    this.#id = id;
  }

  run(script: string): string {
    return this.#rehearsal.onMachine(this.#id, script);
  }

  /** Gives sshd another host key: the one in the text, or a new one. */
  swapHostKey(privateKey?: string): void {
    if (privateKey === undefined)
      this.run(`rm ${keyFile}; ssh-keygen -q -t ed25519 -N '' -f ${keyFile}; ${useKey}`);
    else this.run(`cat > ${keyFile} <<'KEY'\n${privateKey.trim()}\nKEY\n${useKey}`);
  }

  /** sshd notes every step of a client, from now on. */
  watchLogins(): void {
    this.run(`echo 'LogLevel DEBUG1' > /etc/ssh/sshd_config.d/00-watch.conf; ${restartSshd}`);
  }

  /** How many times a client said who it is, which it does only after it has accepted the host key. */
  logins(): number {
    return Number(this.run(`journalctl --unit ssh --no-pager | grep -c 'userauth-request' || true`));
  }

  /** Every host key that sshd shows, of whichever kind. */
  shownHostKeys(): readonly string[] {
    const port = this.#rehearsal.docker('port', `spot-${this.#id}`, '22').trim().split(':').at(-1) ?? '';
    const output = execFileSync('ssh-keyscan', ['-p', port, '127.0.0.1'], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return output
      .trim()
      .split('\n')
      .map((line) => line.split(' ').slice(1, 3).join(' '));
  }

  launchedWith(): { readonly ed25519_private: string; readonly ed25519_public: string } {
    return parse(this.run('cat /var/lib/cloud/instance/user-data.txt')).ssh_keys;
  }
}

describe('a machine that is ready', () => {
  const rehearsal = new Rehearsal('ready', project);
  let id = '';
  let machine: Backdoor;
  let own = '';

  beforeAll(async () => {
    const created = await rehearsal.json<CreateResult>('create', '--count', '1');
    id = created.machines[0]?.id ?? '';
    machine = new Backdoor(rehearsal, id);
    own = machine.run(`cat ${keyFile}`);
  });
  afterAll(() => rehearsal.dispose());

  it('shows one host key, its own, and has forgotten the one that it was launched with', () => {
    const launchedWith = machine.launchedWith();
    expect(launchedWith.ed25519_public).toMatch(/^ssh-ed25519 /);
    expect(machine.shownHostKeys()).toEqual([machine.run(`cut -d' ' -f1,2 ${keyFile}.pub`).trim()]);
    expect(launchedWith.ed25519_public).not.toContain(machine.shownHostKeys()[0]);
    expect(machine.run('ls /etc/ssh/*key*').trim().split('\n')).toEqual([keyFile, `${keyFile}.pub`]);
    expect(rehearsal.onMachine(id, `stat --format='%a %U' ${keyFile}`)).toBe('600 root\n');
  });

  describe.each([
    ['a new one, as an impostor has', () => undefined],
    ['the one of the user data, which others may have read', () => machine.launchedWith().ed25519_private],
  ])('whose host key becomes %s', (_, impostorKey) => {
    let loginsBefore = 0;

    beforeAll(async () => {
      machine.watchLogins();
      expect(await rehearsal.json<VerifyReport>('verify')).toMatchObject({ ok: true });
      loginsBefore = machine.logins();
      expect(loginsBefore).toBeGreaterThan(0);
      machine.swapHostKey(impostorKey());
    });
    afterAll(() => machine.swapHostKey(own));

    it('is listed, and nothing is believed of it', async () => {
      const { machines } = await rehearsal.json<ListReport>('list');
      expect(machines).toMatchObject([{ id, state: 'running', phase: 'unknown', health: 'unknown' }]);
    });

    it('fails verify by name', async () => {
      const { code, stdout } = await rehearsal.spot('verify');
      expect(code).toBe(1);
      expect(stdout).toContain('SPOT-E-SSH-HOST-KEY');
      expect(stdout).toContain(id);
    });

    it.each([
      ['logs', ['logs']],
      ['debug', ['debug']],
      ['create', ['create', '--count', '1']],
    ])('is refused by %s', async (command, words) => {
      const { code, stderr } = await rehearsal.spot(...words, ...(command === 'create' ? [] : [id]));
      expect(code).toBe(1);
      expect(stderr).toContain(`SPOT-E-SSH-HOST-KEY  ${id} @ 127.0.0.1 shows the host key SHA256:`);
    });

    it('is refused by the ssh that `spot ssh` starts', async () => {
      const { code, stdout, stderr } = await rehearsal.spot('ssh', id, '--', 'echo inside');
      expect({ code, stdout }).toEqual({ code: 255, stdout: '' });
      expect(stderr).toContain(`Host key for ${id} has changed`);
    });

    it('has been told nothing by any of them, and is still there', () => {
      expect(machine.logins()).toBe(loginsBefore);
      expect(rehearsal.containers()).toEqual([`spot-${id}`]);
    });
  });

  it('is trusted again when it shows its own key again', async () => {
    expect(await rehearsal.json<VerifyReport>('verify')).toMatchObject({ ok: true });
    const created = await rehearsal.json<CreateResult>('create', '--count', '1');
    expect(created).toMatchObject({ failures: [], exitCode: 0, machines: [{ id, phase: 'ready' }] });
  });
});

describe('a machine that nobody has connected to yet', () => {
  const rehearsal = new Rehearsal('fresh', project);
  let id = '';
  let machine: Backdoor;

  beforeAll(async () => {
    id = await launchOnly(rehearsal);
    machine = new Backdoor(rehearsal, id);
    // Until then cloud-init would put the launch's key back.
    machine.run('until [ -e /run/cloud-init/result.json ]; do sleep 0.1; done');
    machine.watchLogins();
    machine.swapHostKey();
  });
  afterAll(() => rehearsal.dispose());

  it('is refused when it shows another key than the one that it was launched with', async () => {
    const kept = await rehearsal.spot('create', '--count', '1', '--keep-failed');
    expect(kept.code).toBe(1);
    expect(kept.stderr).toContain(`SPOT-E-SSH-HOST-KEY  ${id} @ 127.0.0.1 shows the host key SHA256:`);
    const ssh = await rehearsal.spot('ssh', id, '--', 'echo inside');
    expect([ssh.code, ssh.stdout]).toEqual([1, '']);
    expect(ssh.stderr).toContain('SPOT-E-SSH-HOST-KEY');
    expect((await rehearsal.spot('debug', id)).stderr).toContain('SPOT-E-SSH-HOST-KEY');
    expect(machine.logins()).toBe(0);
  });

  it('is ended by create, as it is of no use', async () => {
    const { code, stderr } = await rehearsal.spot('create', '--count', '1');
    expect(code).toBe(1);
    expect(stderr).toContain('SPOT-E-SSH-HOST-KEY');
    expect(rehearsal.containers()).toEqual([]);
  });
});
