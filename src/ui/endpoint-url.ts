const tlsPorts = new Set(['443', '8443']);

/** A deployment's port and the `host:port` where it answers, as an address to open: `http://127.0.0.1:49153`. */
export function endpointUrl(port: string, address: string): string {
  return `${tlsPorts.has(port) ? 'https' : 'http'}://${address}`;
}

/** Every endpoint of a machine, by ascending port, in one cell. */
export function endpointUrls(endpoints: Readonly<Record<string, string>>): string {
  return Object.entries(endpoints)
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([port, address]) => endpointUrl(port, address))
    .join(' ');
}
