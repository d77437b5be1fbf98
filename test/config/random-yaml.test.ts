import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parseConfig } from '../../src/config/parse-config.ts';
import { homeOf, keysAt } from '../../src/config/schema.ts';
import { readYaml } from '../../src/config/yaml-source.ts';
import { SpotErrors } from '../../src/errors/spot-error.ts';

const rounds = 400;

/** Numbers from 0 to below 1, the same in every run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const keys = [
  ...[[], ['aws'], ['ssh'], ['regions']].flatMap((path) => keysAt(path)),
  ...['us-west-2', 'x-own', '__proto__', 'constructor', 'toString', '', '<<', '0'],
];
const scalars = [
  null,
  true,
  0,
  1,
  3,
  22,
  8080,
  -1,
  1.5,
  '',
  'auto',
  'local',
  'aws',
  '30m',
  '203.0.113.0/24',
  't3.large',
];

function randomValue(next: () => number, depth: number): unknown {
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(next() * items.length)] as Item;
  const kind = next();
  if (depth === 0 || kind < 0.4) return pick(scalars);
  const children = Array.from({ length: Math.floor(next() * 4) }, () => randomValue(next, depth - 1));
  return kind < 0.6 ? children : Object.fromEntries(children.map((child) => [pick(keys), child]));
}

const valid = {
  name: 'app',
  cloud: 'local',
  aws: { total_instances: 2, tags: { a: 'b' } },
  regions: [{ 'us-west-2': { machine_type: 't3.large' } }],
  ports: [8080],
  ttl: '30m',
  'x-own': null,
};

/** Some valid settings and some keys with any value; in half of the cases with some characters changed. */
function randomYaml(next: () => number): string {
  const some = <Item>(items: readonly Item[], share: number) => items.filter(() => next() < share);
  const root = Object.fromEntries([
    ...some(Object.entries(valid), 0.5),
    ...some(keys, next() < 0.5 ? 0 : 0.1).map((key) => [key, randomValue(next, 4)]),
  ]);
  const letters = [...stringify(root)];
  const changes = next() < 0.5 ? 0 : Math.ceil(next() * 6);
  const marks = [
    '\t',
    '\n',
    '[',
    ']',
    '{',
    '}',
    ':',
    '-',
    '&a ',
    '*a',
    '!x ',
    '"',
    "'",
    '#',
    '|',
    '>',
    '%',
    '@',
    '?',
    '\0',
    '\uD800',
  ];
  for (let change = 0; change < changes; change += 1) {
    letters[Math.floor(next() * letters.length)] = marks[Math.floor(next() * marks.length)] as string;
  }
  return letters.join('');
}

it('gives settings or errors with their places, whatever the YAML', () => {
  const next = random(20_260_101);
  const outcomes = { settings: 0, errors: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const yaml = randomYaml(next);
    try {
      const settings = parseConfig(readYaml(Buffer.from(yaml), 'c.yaml'), '/project');
      expect(settings.totalInstances, yaml).toBeGreaterThan(0);
      outcomes.settings += 1;
    } catch (thrown) {
      expect(thrown, yaml).toBeInstanceOf(SpotErrors);
      for (const { code, where } of (thrown as SpotErrors).errors) {
        expect(code, yaml).toMatch(/^SPOT-E-(CONFIG-(SYNTAX|UNKNOWN-KEY|INVALID)|NOT-SUPPORTED)$/);
        expect(where, yaml).toMatch(/^c\.yaml(:[1-9]\d*:[1-9]\d*)?$/);
      }
      outcomes.errors += 1;
    }
  }
  expect(outcomes.settings).toBeGreaterThan(rounds / 10);
  expect(outcomes.errors).toBeGreaterThan(rounds / 10);
});

it('knows a home for every key of the schema', () => {
  for (const path of [[], ['aws'], ['ssh'], ['regions']]) {
    for (const key of keysAt(path)) expect(homeOf(key)).toBeDefined();
  }
});
