import { expect, it } from 'vitest';
import { defaultSettings } from '../../src/config/default-settings.ts';
import { launchImage, rehearsalNotices } from '../../src/fleet/launch-image.ts';

const [first, second] = defaultSettings.regions;
const image = 'ami-0123456789abcdef0';
const settings = {
  ...defaultSettings,
  regions: [
    { ...first, image },
    { ...second, image },
  ] as const,
};
const [region] = settings.regions;

it('gives AWS what the settings name', () => {
  expect(launchImage('aws', region)).toBe(image);
  expect(rehearsalNotices('aws', settings)).toEqual([]);
});

it('rehearses without them, and says so once', () => {
  expect(launchImage('local', region)).toBe('auto');
  expect(rehearsalNotices('local', settings)).toEqual([
    'The rehearsal boots its own image: ami-0123456789abcdef0 is one of the AWS account.',
  ]);
  expect(rehearsalNotices('local', defaultSettings)).toEqual([]);
});
