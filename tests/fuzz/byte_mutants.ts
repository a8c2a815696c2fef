/** Random damage to bytes. */
import type { Dice } from "./dice.ts";

/** Damages bytes in one way, and returns a description. The result may be a new array. */
export function mutateBytes(
  bytes: Uint8Array<ArrayBuffer>,
  dice: Dice,
): [bytes: Uint8Array<ArrayBuffer>, what: string] {
  const at = dice.below(bytes.length + 1);
  const length = dice.pick([1, 1, 2, 3, 4, 8, 64, 1000]);
  const range = bytes.slice(at, at + length);
  switch (dice.below(9)) {
    case 0:
    case 1: {
      const flipped = bytes.slice();
      const places = Array.from({ length: dice.few(8) }, () => dice.below(bytes.length));
      for (const place of places) flipped[place] ^= 1 << dice.below(8);
      return [flipped, `bits flipped at ${places}`];
    }
    case 2: {
      const swapped = bytes.slice();
      const other = dice.below(bytes.length);
      [swapped[at], swapped[other]] = [bytes[other], bytes[at]];
      return [swapped, `bytes ${at} and ${other} swapped`];
    }
    case 3:
      return [bytes.slice(0, at), `cut after ${at}`];
    case 4: {
      const random = Uint8Array.from({ length }, () => dice.below(256));
      return [splice(bytes, at, 0, random), `${length} bytes inserted at ${at}`];
    }
    case 5:
      return [splice(bytes, at, length, new Uint8Array()), `${length} bytes removed at ${at}`];
    case 6:
      return [splice(bytes, at, 0, range), `${range.length} bytes doubled at ${at}`];
    case 7: {
      const value = dice.pick([0, 0xff, 0x7f, 0x80, 0x20, 0xc0, 0xed]);
      return [splice(bytes, at, range.length, range.fill(value)), `${value} from ${at} on`];
    }
    default: {
      const reversed = splice(bytes, at, range.length, range.reverse());
      return [reversed, `${range.length} bytes turned round at ${at}`];
    }
  }
}

/** Returns bytes with a range replaced. */
export function splice(
  bytes: Uint8Array,
  at: number,
  removed: number,
  inserted: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const rest = bytes.subarray(at + removed);
  const result = new Uint8Array(at + inserted.length + rest.length);
  result.set(bytes.subarray(0, at));
  result.set(inserted, at);
  result.set(rest, at + inserted.length);
  return result;
}
