/**
 * Parses JSON from untrusted files.
 *
 * @module
 */

import { decode } from "./safetensors_header.ts";

/** Limits on JSON that is parsed. */
export interface JsonBounds {
  /** The maximum nesting depth of arrays and objects. */
  depth: number;
  /** The maximum number of values. */
  values: number;
  /** The maximum number of keys in all objects together. */
  keys: number;
}

/** Returns whether JSON is within bounds; parsing a hundred megabytes can take gigabytes. */
export function isWithin(json: Uint8Array, bounds: JsonBounds): boolean {
  let depth = 0, values = 1, keys = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === 0x22) { // a string, to its closing quote
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

/** Parses JSON; returns undefined if it is invalid or exceeds the bounds. */
export function parseBounded(json: Uint8Array | undefined, bounds: JsonBounds): unknown {
  if (json === undefined || !isWithin(json, bounds)) return undefined;
  try {
    return JSON.parse(decode(json) ?? "");
  } catch {
    return undefined;
  }
}
