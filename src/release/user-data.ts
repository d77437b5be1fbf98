import { dirname } from 'node:path';
import { stringify } from 'yaml';
import { SpotError } from '../errors/spot-error.ts';
import { layout } from '../machine/layout.ts';
import { ttlConfig } from './ttl.ts';

/** What cloud-init is told: who may log in, as which host, and what is there before the release arrives. */
export interface UserDataInput {
  readonly username: string;
  /** Lines of authorized_keys. */
  readonly authorizedKeys: readonly string[];
  /** The bootstrap host key, ed25519 in OpenSSH's formats. */
  readonly hostKey: { readonly privateKey: string; readonly publicKey: string };
  /** Debian packages. */
  readonly packages: readonly string[];
  /** Seconds after the first boot at which the machine ends itself. */
  readonly ttlSeconds: number | undefined;
}

/** EC2 takes this many bytes of user data, before base64. */
const maximumBytes = 16_384;

/**
 * The user data of every machine of a launch, as cloud-config YAML. It carries no file of the project, no
 * secret of the user's and nothing that tells one machine from another.
 *
 * @throws SPOT-E-USER-DATA-TOO-LARGE, naming what takes the space
 */
export function renderUserData(input: UserDataInput): string {
  const config = cloudConfig(input);
  const text = render(config);
  const bytes = Buffer.byteLength(text);
  if (bytes > maximumBytes) throw tooLarge(bytes, config);
  return text;
}

function render(config: object): string {
  // Unfolded: a key or a package must stay on its line. No anchors: the parts are to be read one by one.
  return `#cloud-config\n${stringify(config, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

function cloudConfig(input: UserDataInput): Record<string, unknown> {
  const ttl = input.ttlSeconds === undefined ? undefined : ttlConfig(input.ttlSeconds);
  return {
    // This list replaces the image's own default user.
    users: [
      {
        name: input.username,
        // cloud-init makes a group that the image lacks.
        groups: ['adm', 'sudo'],
        shell: '/bin/bash',
        sudo: 'ALL=(ALL) NOPASSWD:ALL',
        lock_passwd: true,
        ssh_authorized_keys: input.authorizedKeys,
      },
    ],
    ssh_pwauth: false,
    disable_root: true,
    ssh_deletekeys: true,
    // With a key given cloud-init makes none of its own, of no other kind either: those could not be known here.
    ssh_keys: { ed25519_private: input.hostKey.privateKey, ed25519_public: input.hostKey.publicKey },
    ...(input.packages.length === 0 ? {} : { package_update: true, packages: input.packages }),
    ...(ttl === undefined ? {} : { write_files: ttl.files }),
    runcmd: [
      // cloud-init makes one script of these: without it only the last command's failure would be seen.
      ['set', '-e'],
      ['install', '-d', '-m', '0755', layout.releases, dirname(layout.runner), layout.logs],
      ['install', '-d', '-m', '0700', layout.state],
      ...(ttl?.commands ?? []),
      ['touch', '/tmp/cloud-init-complete'],
    ],
  };
}

function tooLarge(bytes: number, config: Record<string, unknown>): SpotError {
  const parts = Object.entries(config)
    .map(([key, value]) => ({ key, bytes: Buffer.byteLength(stringify({ [key]: value }, { lineWidth: 0 })) }))
    .sort((a, b) => b.bytes - a.bytes);
  const count = (value: number) => value.toLocaleString('en-US');
  return new SpotError('SPOT-E-USER-DATA-TOO-LARGE', {
    message: `The user data has ${count(bytes)} bytes; EC2 takes ${count(maximumBytes)}. Most of it is \`${parts[0]?.key}\`.`,
    evidence: parts.slice(0, 3).map((part) => `${part.key}: ${count(part.bytes)} bytes`),
  });
}
