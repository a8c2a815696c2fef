/**
 * The errors that a caller may want to distinguish.
 *
 * @module
 */

import { printable } from "./printable.ts";

/**
 * Unusable input: a malformed file, a text without words, an option out of range. The message names
 * the place and the value, and says what would be accepted.
 *
 * @example
 * ```ts
 * import { InputError, parseExamples } from "@unroll/core";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(() => parseExamples("text\ngood\n"), InputError, 'no column "label"');
 * ```
 */
export class InputError extends Error {
  /** The class's name, for messages. */
  override readonly name = "InputError";

  /**
   * Creates an error whose message is a single line that is safe to print, whatever it quotes.
   *
   * @param message What is wrong, and how to fix it.
   * @param options The error that caused this one, as `cause`.
   */
  constructor(message?: string, options?: ErrorOptions) {
    super(message === undefined ? message : printable(message), options);
  }
}

/**
 * The loss or a weight became NaN or infinite during training. The model keeps its last good
 * weights.
 */
export class DivergedError extends Error {
  /** The class's name, for messages. */
  override readonly name = "DivergedError";
}

/**
 * A device failed: it was lost, ran out of memory, or refused a kernel. The message names the op
 * and its shapes. A model in training keeps its last good weights.
 */
export class DeviceError extends Error {
  /** The class's name, for messages. */
  override readonly name = "DeviceError";
}
