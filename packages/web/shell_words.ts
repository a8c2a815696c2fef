/**
 * The words of a command line, as a shell takes them.
 *
 * @module
 */

/** Adds a flag with its value. */
export function addFlag(words: string[], flag: string, value: string): void {
  if (value.startsWith("-")) words.push(quoted(`--${flag}=${value}`)); // it is no flag
  else words.push(`--${flag}`, quoted(value));
}

function quoted(text: string): string {
  return /^[\w.,:=/+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
