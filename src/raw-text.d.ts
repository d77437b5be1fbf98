/** A file's text, put into the bundle at build time (see `rawText` in rolldown.config.ts). */
declare module '*?raw' {
  const text: string;
  export default text;
}
