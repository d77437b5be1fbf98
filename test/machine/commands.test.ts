import { expect, it } from 'vitest';
import {
  activateCommand,
  evidenceCommand,
  factsCommand,
  followCommand,
  logCommand,
  reportCommand,
} from '../../src/machine/commands.ts';

it('says every remote command as the login user would type it', () => {
  expect([
    activateCommand('0a1b2c3d4e5f'),
    followCommand(1),
    followCommand(12, 340),
    reportCommand(),
    factsCommand(),
    logCommand('setup'),
    logCommand('setup', true),
    evidenceCommand(),
  ]).toEqual([
    'sudo -n /opt/spot/bin/runner activate 0a1b2c3d4e5f',
    'sudo -n /opt/spot/bin/runner follow 1 0',
    'sudo -n /opt/spot/bin/runner follow 12 340',
    'sudo -n /opt/spot/bin/runner report',
    'sudo -n /opt/spot/bin/runner facts',
    'sudo -n /opt/spot/bin/runner log setup',
    'sudo -n /opt/spot/bin/runner log setup --follow',
    'sudo -n /opt/spot/bin/runner evidence',
  ]);
});

it('quotes a step that a user typed', () => {
  expect(logCommand('a; reboot')).toBe("sudo -n /opt/spot/bin/runner log 'a; reboot'");
});
