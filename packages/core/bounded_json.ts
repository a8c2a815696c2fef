/**
 * JSON from a file that nobody vouches for.
 *
 * @module
 */

/** What JSON may be, to be parsed. */
export interface JsonBounds {
  /** How deep arrays and objects may stand in each other. */
  depth: number;
  /** How many values there may be. */
  values: number;
}

/** How large JSON is: a text of a hundred megabytes can ask for gigabytes, which nobody needs. */
function boundsOf(text: string): JsonBounds {
  let depth = 0, deepest = 0, values = 1;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === 0x22) { // a text, to its closing quote
      for (at++; at < text.length && text.charCodeAt(at) !== 0x22; at++) {
        if (text.charCodeAt(at) === 0x5c) at++;
      }
    } else if (char === 0x5b || char === 0x7b) {
      values++;
      deepest = Math.max(deepest, ++depth);
    } else if (char === 0x5d || char === 0x7d) depth--;
    else if (char === 0x2c) values++;
  }
  return { depth: deepest, values };
}

/** Whether JSON is within bounds. */
export function isWithin(text: string, { depth, values }: JsonBounds): boolean {
  const own = boundsOf(text);
  return own.depth <= depth && own.values <= values;
}

/** The value of JSON; undefined where it is none, or beyond the bounds. */
export function parseBounded(text: string | undefined, bounds: JsonBounds): unknown {
  if (text === undefined || !isWithin(text, bounds)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
