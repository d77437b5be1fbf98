/** Where things are on a machine. The runner (runner/10-base.sh) names the same places. */
export const layout = {
  /** The bundle of each release, root-owned: `<releases>/<id>/`. */
  releases: '/opt/spot/releases',
  /** Symbolic link to the active release. */
  current: '/opt/spot/current',
  runner: '/opt/spot/bin/runner',
  /** Root-only (0700): what is known about each release, `<state>/releases/<id>/{plan.sh,release.json,files.sha256}`. */
  state: '/var/lib/spot',
  /** What differs from machine to machine: SPOT_MACHINE_ID, SPOT_REGION, SPOT_ZONE, SPOT_INDEX, … */
  machineEnvironment: '/var/lib/spot/machine.env',
  logs: '/var/log/spot',
  /** Uploads on their way in; root-only. */
  incoming: '/var/lib/spot/incoming',
} as const;
