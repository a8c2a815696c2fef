/**
 * JSON from a file that nobody vouches for.
 *
 * @module
 */

import { decode } from "./safetensors_header.ts";

/** What JSON may be, to be parsed. */
export interface JsonBounds {
  /** How deep arrays and objects may stand in each other. */
  depth: number;
  /** How many values there may be. */
  values: number;
  /** How many keys objects may have. */
  keys: number;
}

/** Whether JSON is within bounds: a hundred megabytes of it can ask for gigabytes. */
export function isWithin(json: Uint8Array, bounds: JsonBounds): boolean {
  let depth = 0, values = 1, keys = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === 0x22) { // a text, to its closing quote
      for (at++; at < json.length && json[at] !== 0x22; at++) if (json[at] === 0x5c) at++;
    } else if (byte === 0x5b || byte === 0x7b) {
      depth++;
      values++;
    } else if (byte === 0x5d || byte === 0x7d) depth--;
    else if (byte === 0x2c) values++;
    else if (byte === 0x3a) keys++;
    if (depth > bounds.depth || values > bounds.values || keys > bounds.keys) return false;
  }
  return true;
}

/** The value of JSON; undefined where it is none, or beyond the bounds. */
export function parseBounded(json: Uint8Array | undefined, bounds: JsonBounds): unknown {
  if (json === undefined || !isWithin(json, bounds)) return undefined;
  try {
    return JSON.parse(decode(json) ?? "");
  } catch {
    return undefined;
  }
}
