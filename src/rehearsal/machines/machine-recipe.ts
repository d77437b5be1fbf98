import { createHash } from 'node:crypto';
import cloudConfig from '../image/cloud.cfg?raw';
import dockerfile from '../image/Dockerfile?raw';
import datasource from '../image/datasource.py?raw';
import metadataService from '../image/imds.py?raw';
import init from '../image/init.sh?raw';
import prepare from '../image/prepare.sh?raw';
import metadataUnit from '../image/spot-imds.service?raw';
import metadataSocket from '../image/spot-imds.socket?raw';

/** What a machine has installed: about what the cloud images of Debian and Ubuntu have and what deployments take for granted. */
export const packages: readonly string[] = [
  'ca-certificates',
  'cloud-init',
  'curl',
  'dbus',
  'iproute2',
  'iputils-ping',
  'less',
  'libpam-systemd',
  // cloud-init installs these two by itself where they are missing, which takes 6 seconds of every boot.
  'locales',
  'lsb-release',
  'netbase',
  'openssh-server',
  'procps',
  'python3',
  'sudo',
  'systemd',
  'systemd-sysv',
  'udev',
];

/** The files that the image is built from, by name. */
export const recipeFiles: Readonly<Record<string, string>> = {
  Dockerfile: dockerfile,
  'cloud.cfg': cloudConfig,
  'datasource.py': datasource,
  'imds.py': metadataService,
  'init.sh': init,
  'prepare.sh': prepare,
  'spot-imds.service': metadataUnit,
  'spot-imds.socket': metadataSocket,
};

/** The image that machines run, named after everything it is made from: another recipe is another image. */
export const machineImage = `spot-deployer/machine:${digest([...packages, ...Object.entries(recipeFiles).flat()])}`;

/** The Debian root file system under it, where no registry is reachable. */
export const debianBase = `spot-deployer/debian:${digest(packages)}`;

/** Where a registry is reachable. */
export const ubuntuBase = 'ubuntu:24.04';

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 12);
}
