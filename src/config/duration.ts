const secondsIn = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** The seconds that `90s`, `30m`, `12h` or `2d` stand for; `undefined` for anything else, zero included. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,7})([smhd])$/.exec(text);
  if (match === null) return undefined;
  const seconds = Number(match[1]) * secondsIn[match[2] as keyof typeof secondsIn];
  return seconds === 0 ? undefined : seconds;
}
