/**
 * A CIDR block as EC2 keeps it: the bits behind the prefix are zero and an IPv6 address is in its shortest form
 * (`100.68.0.18/18` is kept as `100.68.0.0/18`; EC2 API Reference, AuthorizeSecurityGroupIngress).
 * @param cidr a valid IPv4 or IPv6 block
 */
export function canonicalCidr(cidr: string): string {
  const [address = '', length = ''] = cidr.split('/');
  if (address.includes(':')) {
    const groups = masked(groupsOf(address), 16, Number(length));
    return `${shortest(groups.map((group) => group.toString(16)).join(':'))}/${Number(length)}`;
  }
  return `${masked(address.split('.').map(Number), 8, Number(length)).join('.')}/${Number(length)}`;
}

/** Parts of an address, each of `width` bits, with only the first `kept` bits of all left. */
function masked(parts: readonly number[], width: number, kept: number): number[] {
  return parts.map((part, index) => {
    const cleared = Math.min(width, Math.max(0, (index + 1) * width - kept));
    return (part >> cleared) << cleared;
  });
}

function groupsOf(address: string): number[] {
  const [before = '', after] = shortest(address).split('::');
  const numbers = (text: string) =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const head = numbers(before);
  const tail = after === undefined ? [] : numbers(after);
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

/** The WHATWG URL standard serializes an IPv6 host as RFC 5952 says. */
function shortest(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
