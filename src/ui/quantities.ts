const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Milliseconds as a person says them: `4.2 s`, `3 min 10 s`, `2 h 5 min`, `3 d 4 h`. */
export function duration(milliseconds: number): string {
  // Rounded first, so that 59.97 s is a minute and not `60.0 s`.
  const tenths = Math.round(Math.max(0, milliseconds) / 100) * 100;
  return tenths < minute ? `${(tenths / second).toFixed(1)} s` : longDuration(tenths);
}

/** The same in whole seconds, for times that run: `4 s`. */
export function elapsed(milliseconds: number): string {
  const whole = Math.floor(Math.max(0, milliseconds) / second) * second;
  return whole < minute ? `${whole / second} s` : longDuration(whole);
}

function longDuration(milliseconds: number): string {
  const [large, largeName, small, smallName] =
    milliseconds < hour
      ? [minute, 'min', second, 's']
      : milliseconds < day
        ? [hour, 'h', minute, 'min']
        : [day, 'd', hour, 'h'];
  const rest = Math.floor((milliseconds % large) / small);
  return `${Math.floor(milliseconds / large)} ${largeName}${rest === 0 ? '' : ` ${rest} ${smallName}`}`;
}

/** Bytes in decimal units, as file managers and clouds count them: `312 B`, `48.2 kB`, `12.3 MB`. */
export function byteSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}

/** `1 machine`, `3 machines`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? singular : plural}`;
}
