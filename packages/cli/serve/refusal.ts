/**
 * Error responses of a service.
 *
 * @module
 */
import { InputError, printable } from "@unroll/core";

const MOST = 500; // columns of a message
const RETRY = "1"; // seconds after which a client may retry

/** The message of a service that is shutting down. */
export const CLOSING = "the server is shutting down";

/** The error of a refused request, with the status of the response. */
export class Refusal extends Error {
  /** The class name, for messages. */
  override readonly name = "Refusal";
  /** The status of the response. */
  readonly status: number;
  /** Further headers of the response. */
  readonly headers: Readonly<Record<string, string>>;

  /**
   * Creates a refusal.
   *
   * @param status The status of the response.
   * @param message The problem, and the way out.
   * @param headers Further headers of the response.
   */
  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(printable(message, MOST));
    this.status = status;
    this.headers = headers;
  }
}

/** Returns the refusal of a request that exceeds the service's current capacity. */
export function busy(message: string): Refusal {
  return new Refusal(503, `${message}; try again later`, { "retry-after": RETRY });
}

/** Returns the refusal for an error: 422 for an invalid request, 500 if the service failed. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof InputError) return new Refusal(422, error.message);
  return new Refusal(500, "internal error");
}
