import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { classify, DockerFailure, docker, dockerError } from '../../src/rehearsal/machines/docker-command.ts';
import { launchesEnded } from '../../src/rehearsal/machines/docker-launches.ts';

describe('what docker says', () => {
  test.each([
    [
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      'down',
    ],
    ['error during connect: Get "http://host:2375/v1.24/info": dial tcp: lookup host: no such host', 'down'],
    [
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "…": dial unix /var/run/docker.sock: connect: permission denied',
      'denied',
    ],
    ['docker: write /var/lib/docker/tmp/x: no space left on device.', 'disk-full'],
    [
      'docker: Error response from daemon: driver failed programming external connectivity on endpoint x: Bind for 127.0.0.1:20022 failed: port is already allocated.',
      'port-taken',
    ],
    [
      'docker: Error response from daemon: failed to set up container networking: listen tcp4 127.0.0.1:20022: bind: address already in use',
      'port-taken',
    ],
    ["Unable to find image 'spot-deployer/machine:0' locally", 'no-such-image'],
    ['Error: No such object: spot-i-1', 'no-such-container'],
    ['Error response from daemon: No such container: spot-i-1', 'no-such-container'],
    ['docker: Error response from daemon: something new', 'other'],
  ])('%s', (text, trouble) => {
    expect(classify(text)).toBe(trouble);
  });

  test.each([
    ['none', 'SPOT-E-DOCKER-NONE'],
    ['down', 'SPOT-E-DOCKER-DOWN'],
    ['denied', 'SPOT-E-DOCKER-DENIED'],
    ['disk-full', 'SPOT-E-DISK-FULL'],
    ['port-taken', 'SPOT-E-PORT-TAKEN'],
    ['other', 'SPOT-E-DOCKER-FAILED'],
  ] as const)('trouble %s is %s, with the words of docker', (trouble, code) => {
    const error = dockerError(
      new DockerFailure(trouble, '', 'docker: these words\n', undefined),
      'start a machine',
    );
    expect(error.code).toBe(code);
    if (trouble !== 'none') expect(error.evidence).toEqual(['docker: these words']);
  });
});

describe('a docker command that never ends', () => {
  test('is given up', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'spot-docker-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'docker'), '#!/bin/sh\nexec /bin/sleep 600\n', { mode: 0o755 });
    const failure = await docker(['ps'], { env: { PATH: folder }, timeoutMs: 100 }).catch(
      (error: unknown) => error,
    );
    expect(dockerError(failure, 'look for machines')).toMatchObject({
      code: 'SPOT-E-DOCKER-FAILED',
      evidence: ['docker ps did not end within 0.1 seconds and was stopped'],
    });
  });

  test('is not waited for before its machine is removed, but for so long', async () => {
    const id = 'i-0123456789abcdef0';
    // As the process list shows a `docker run` of ours.
    const words = ['-c', 'read nothing', 'docker', 'run', '--detach', '--name', `spot-${id}`, 'image'];
    const child = spawn('/bin/sh', words, { stdio: ['pipe', 'ignore', 'ignore'] });
    onTestFinished(() => void child.kill());
    await once(child, 'spawn');
    await expect(launchesEnded([id], 0)).rejects.toMatchObject({
      code: 'SPOT-E-DOCKER-FAILED',
      message: `Docker is still making spot-${id}, which cannot be removed before that has ended.`,
    });
    const ended = once(child, 'exit');
    child.stdin?.end();
    await ended;
    await launchesEnded([id], 0);
  });
});
