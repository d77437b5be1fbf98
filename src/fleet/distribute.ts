import type { Settings } from '../config/settings.ts';

/**
 * How many machines each region should hold. A region's own number comes first; what is left is shared evenly
 * among the regions without one (or among all, where each has one), earlier regions first.
 * @returns region → count, the counts adding up to `total`
 */
export function distribute(regions: Settings['regions'], total: number): ReadonlyMap<string, number> {
  const counts = new Map(regions.map(({ region }) => [region, 0]));
  let left = total;
  for (const { region, instances } of regions) {
    const own = Math.min(instances ?? 0, left);
    counts.set(region, own);
    left -= own;
  }
  const open = regions.filter(({ instances }) => instances === undefined);
  const sharing = open.length > 0 ? open : regions;
  for (let turn = 0; left > 0 && sharing.length > 0; turn += 1, left -= 1) {
    const { region } = sharing[turn % sharing.length] as { region: string };
    counts.set(region, (counts.get(region) ?? 0) + 1);
  }
  return counts;
}

/**
 * How many machines to launch where, so that with those that exist there are `total`: the regions that lack most
 * first.
 * @returns region → count, regions with nothing to launch left out
 */
export function missing(
  wanted: ReadonlyMap<string, number>,
  existing: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const total = sum(wanted);
  const lacks = new Map([...wanted].map(([region, count]) => [region, count - (existing.get(region) ?? 0)]));
  const launches = new Map<string, number>();
  for (let left = total - sum(existing); left > 0; left -= 1) {
    const [region] = [...lacks].reduce((most, next) => (next[1] > most[1] ? next : most));
    launches.set(region, (launches.get(region) ?? 0) + 1);
    lacks.set(region, (lacks.get(region) ?? 0) - 1);
  }
  return launches;
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}
