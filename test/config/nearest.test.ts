import { expect, it } from 'vitest';
import { nearest } from '../../src/config/nearest.ts';

const keys = ['machine_type', 'image', 'ports', 'name', 'ttl'];

it.each([
  ['machine_typ', 'machine_type'],
  ['machinetype', 'machine_type'],
  ['Machine_Type', 'machine_type'],
  ['mahcine_type', 'machine_type'],
  ['iamge', 'image'],
  ['imag', 'image'],
  ['imagee', 'image'],
  ['prots', 'ports'],
  ['tll', 'ttl'],
])('takes %s for %s', (word, key) => {
  expect(nearest(word, keys)).toBe(key);
});

it.each(['colour', 'network', 'x', '', 'machine', 'm'.repeat(100_000)])('takes %.20s for nothing', (word) => {
  expect(nearest(word, keys)).toBeUndefined();
});

it('chooses the one with the fewest changes', () => {
  expect(nearest('us-wes-2', ['us-east-2', 'us-west-1', 'us-west-2'])).toBe('us-west-2');
});
