import { expect, it } from 'vitest';
import { meantRegion } from '../../src/config/known-regions.ts';

it.each(['us-west-2', 'us-gov-west-1', 'us-east-3', 'ap-southeast-12', 'nz-south-1'])(
  'lets %s pass',
  (name) => {
    expect(meantRegion(name)).toBeUndefined();
  },
);

it.each([
  ['us-wset-2', 'us-west-2'],
  ['us-west2', 'us-west-2'],
  ['US-WEST-2', 'us-west-2'],
  ['eu-wst-1', 'eu-west-1'],
  ['us-west-2a', 'us-west-2'],
  ['Oregon', 'us-west-2'],
  ['', 'us-west-2'],
])('takes %s for %s', (name, meant) => {
  expect(meantRegion(name)).toBe(meant);
});
