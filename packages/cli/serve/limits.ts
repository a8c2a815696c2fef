/**
 * Limits of a service, so that no request can block or exhaust it.
 *
 * @module
 */

/** The limits of a service. */
export interface ServeLimits {
  /** Maximum size of a request's body, in bytes. Default: 1,048,576 (1 MiB). */
  body: number;
  /** Maximum number of texts or series in a request. Default: 256. */
  items: number;
  /** Maximum length of a text in characters, or of a series in rows. Default: 10,000. */
  length: number;
  /** Maximum number of waiting requests; more are refused with status 503. Default: 256. */
  queue: number;
  /** Maximum number of texts generated at once; more are refused with status 503. Default: 16. */
  streams: number;
  /** Maximum number of units in a generated text. Default: 10,000. */
  generated: number;
  /**
   * Seconds that a client may take to send a body or read an event, and that a request may wait for
   * its turn. Default: 30.
   */
  timeout: number;
}

/** The default limits. */
export const DEFAULT_LIMITS: Readonly<ServeLimits> = {
  body: 2 ** 20,
  items: 256,
  length: 10_000,
  queue: 256,
  streams: 16,
  generated: 10_000,
  timeout: 30,
};
