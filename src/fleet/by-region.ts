/** Things sorted into their regions, in the order in which the regions first appear. */
export function byRegion<Item extends { readonly region: string }>(
  items: readonly Item[],
): ReadonlyMap<string, readonly Item[]> {
  const regions = new Map<string, Item[]>();
  for (const item of items) {
    const here = regions.get(item.region);
    if (here) here.push(item);
    else regions.set(item.region, [item]);
  }
  return regions;
}
