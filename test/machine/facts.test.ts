import { describe, expect, it } from 'vitest';
import { parseFacts } from '../../src/machine/facts.ts';

const bytes = (...records: readonly string[]) => Buffer.from(records.map((record) => `${record}\0`).join(''));
const line = { at: 'now', release: 'abc', boot: 'b1', step: 'setup', state: 'done', seconds: 1 };

const records = [
  'boot b1',
  'uptime 61',
  'cloud-init done',
  'cloud-init-result {"v1":{"errors":["it broke"]}}',
  'directory 755 root:root /opt/spot/releases',
  'link /opt/spot/current /opt/spot/releases/abc',
  'listening 8080 python3',
  'listening 22 sshd systemd',
  'failed-unit bad.service',
  'release abc',
  'reboot yes',
  `journal ${JSON.stringify(line)}`,
  'journal {"torn',
  'unit spot-setup.service active running enabled 2 success 33',
  'entry d 755 0:0 4096 ./dir',
  'target ',
  'entry f 600 0:0 3 ./dir/a name\nof two lines',
  'target ',
  'entry l 777 0:0 5 ./ -link',
  'target to a\nplace',
  'entry p 644 1:2 0 ./pipe',
  'target ',
  'digest aa11  ./dir/a name\nof two lines',
];

describe('parseFacts', () => {
  it('reads every kind of record, with names of any kind', () => {
    const facts = parseFacts(bytes(...records, 'activated same', 'end'));
    expect(facts).toEqual({
      cloudInit: { state: 'done', errors: ['it broke'] },
      directories: new Map([['/opt/spot/releases', { mode: 0o755, owner: 'root:root' }]]),
      links: new Map([['/opt/spot/current', '/opt/spot/releases/abc']]),
      release: 'abc',
      reboot: true,
      boot: 'b1',
      uptime: 61,
      journal: [line],
      entries: new Map([
        ['dir', { type: 'directory', mode: 0o755, owner: '0:0', size: 4096 }],
        ['dir/a name\nof two lines', { type: 'file', mode: 0o600, owner: '0:0', size: 3, sha256: 'aa11' }],
        [' -link', { type: 'symlink', mode: 0o777, owner: '0:0', size: 5, target: 'to a\nplace' }],
        ['pipe', { type: 'other', mode: 0o644, owner: '1:2', size: 0 }],
      ]),
      activated: facts.entries,
      units: [
        {
          name: 'spot-setup.service',
          active: 'active',
          sub: 'running',
          enabled: 'enabled',
          restarts: 2,
          result: 'success',
          activeSeconds: 33,
        },
      ],
      failedUnits: ['bad.service'],
      listening: new Map([
        [8080, 'python3'],
        [22, 'sshd systemd'],
      ]),
    });
  });

  it('keeps what was activated apart from what is', () => {
    const facts = parseFacts(
      bytes(
        ...records,
        'activated differs',
        'entry f 644 0:0 1 ./pipe',
        'target ',
        'digest bb22  ./pipe',
        'end',
      ),
    );
    expect(facts.entries.get('pipe')?.type).toBe('other');
    expect(facts.activated).toEqual(
      new Map([['pipe', { type: 'file', mode: 0o644, owner: '0:0', size: 1, sha256: 'bb22' }]]),
    );
  });

  it('says when nothing was activated, or nothing is there at all', () => {
    expect(parseFacts(bytes(...records, 'activated none', 'end')).activated).toBeUndefined();
    expect(parseFacts(bytes('boot b1', 'end'))).toMatchObject({
      release: undefined,
      cloudInit: { state: 'absent' },
    });
  });

  it('takes a result of cloud-init that cannot be read for an error', () => {
    const facts = parseFacts(bytes('cloud-init done', 'cloud-init-result {"v1"', 'end'));
    expect(facts.cloudInit.errors).toEqual(['its result cannot be read: {"v1"']);
  });

  it('refuses records that are cut short', () => {
    expect(() => parseFacts(bytes(...records))).toThrow(expect.objectContaining({ code: 'SPOT-E-DELIVERY' }));
    expect(() => parseFacts(Buffer.from(''))).toThrow('What the machine says about itself is cut short.');
  });
});
