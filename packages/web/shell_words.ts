/**
 * The words of a command line, quoted for a shell.
 *
 * @module
 */

/** Adds a flag with its value. */
export function addFlag(words: string[], flag: string, value: string): void {
  if (value.startsWith("-")) words.push(quoted(`--${flag}=${value}`)); // not read as a flag
  else words.push(`--${flag}`, quoted(value));
}

function quoted(text: string): string {
  return /^[\w.,:=/+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
