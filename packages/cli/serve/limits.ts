/**
 * How much a service takes in, so that no request can hold up or exhaust it.
 *
 * @module
 */

/** The limits of a service. */
export interface ServeLimits {
  /** The bytes that the body of a request may have. Default: 1,048,576 (1 MiB). */
  body: number;
  /** How many texts or series a request may have. Default: 256. */
  items: number;
  /** How many characters a text may have, or rows a series. Default: 10,000. */
  length: number;
  /** How many requests may wait for their turn; more are refused with status 503. Default: 256. */
  queue: number;
  /** How many texts may be generated at a time; more are refused with status 503. Default: 16. */
  streams: number;
  /** How many units a text may be generated with. Default: 10,000. */
  generated: number;
  /**
   * The seconds that a client may take to send a body or to read an event, and a request to wait for
   * its turn. Default: 30.
   */
  timeout: number;
}

/** The limits where none are given. */
export const DEFAULT_LIMITS: Readonly<ServeLimits> = {
  body: 2 ** 20,
  items: 256,
  length: 10_000,
  queue: 256,
  streams: 16,
  generated: 10_000,
  timeout: 30,
};
