/**
 * The errors that a caller may want to distinguish.
 *
 * @module
 */

import { printable } from "./printable.ts";

/**
 * What was given cannot be used: a malformed file, a text without words, a setting out of range.
 * The message names the place and the value, and says what would do.
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
   * An error whose message is one line that is safe to print, whatever it names.
   *
   * @param message What is wrong, and the way out.
   * @param options The error that led to it.
   */
  constructor(message?: string, options?: ErrorOptions) {
    super(message === undefined ? message : printable(message), options);
  }
}

/**
 * The loss or a weight has become NaN or infinite in training. The model keeps its last good
 * weights.
 */
export class DivergedError extends Error {
  /** The class's name, for messages. */
  override readonly name = "DivergedError";
}

/**
 * A device failed: it was lost, ran out of memory, or refused a kernel. The message names the op and
 * its shapes. A model in training keeps its last good weights.
 */
export class DeviceError extends Error {
  /** The class's name, for messages. */
  override readonly name = "DeviceError";
}
