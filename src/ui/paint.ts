import { styleText } from 'node:util';

const formats = ['bold', 'dim', 'red', 'green', 'yellow', 'cyan'] as const;

/** The few styles of our output, each a function from text to text. Without colour they return it unchanged. */
export type Paint = Readonly<Record<(typeof formats)[number], (text: string) => string>>;

/**
 * The styles, or their plain counterparts. Whether a stream shows colour was decided before (see
 * `terminal.ts`), so `styleText` must not look at process.stdout itself, as it does from Node 22.13 on.
 */
export function createPaint(enabled: boolean): Paint {
  const style = (format: (typeof formats)[number]) => (text: string) =>
    enabled && text !== '' ? styleText(format, text, { validateStream: false }) : text;
  return Object.fromEntries(formats.map((format) => [format, style(format)])) as Paint;
}
