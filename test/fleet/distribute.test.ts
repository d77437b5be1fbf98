import { expect, test } from 'vitest';
import type { RegionSettings } from '../../src/config/settings.ts';
import { distribute, missing } from '../../src/fleet/distribute.ts';

function region(name: string, instances?: number): RegionSettings {
  return {
    region: name,
    machineType: 't3.medium',
    image: 'auto',
    instances,
    storageGb: undefined,
    spotPriceLimit: undefined,
    tags: {},
  };
}

test.each([
  ['an even share, the first regions first', [region('a'), region('b')], 3, { a: 2, b: 1 }],
  ["a region's own number, the rest elsewhere", [region('a', 1), region('b')], 5, { a: 1, b: 4 }],
  ['own numbers that do not reach the total', [region('a', 1), region('b', 1)], 5, { a: 3, b: 2 }],
  ['own numbers over the total', [region('a', 4), region('b', 4)], 5, { a: 4, b: 1 }],
  ['nothing', [region('a'), region('b')], 0, { a: 0, b: 0 }],
])('%s', (_, regions, total, expected) => {
  expect(Object.fromEntries(distribute(regions, total))).toEqual(expected);
});

test.each([
  ['nothing exists', { a: 2, b: 1 }, {}, { a: 2, b: 1 }],
  ['one is gone', { a: 2, b: 1 }, { a: 1, b: 1 }, { a: 1 }],
  ['all exist', { a: 2, b: 1 }, { a: 2, b: 1 }, {}],
  ['more exist', { a: 2, b: 1 }, { a: 4 }, {}],
  ['a region has too many: only the total is filled up', { a: 2, b: 2 }, { a: 3 }, { b: 1 }],
  ['machines in a region that is configured no more count', { a: 3 }, { z: 1 }, { a: 2 }],
])('missing: %s', (_, wanted, existing, expected) => {
  const launches = missing(new Map(Object.entries(wanted)), new Map(Object.entries(existing)));
  expect(Object.fromEntries(launches)).toEqual(expected);
});
