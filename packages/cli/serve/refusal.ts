/**
 * What a service says where it does not do what it is asked.
 *
 * @module
 */
import { InputError, printable } from "@unroll/core";

const MOST = 500; // columns of a message
const RETRY = "1"; // seconds after which a client may ask again

/** What a service says that ends. */
export const CLOSING = "the server is shutting down";

/** A request that is refused, with the status of the response. */
export class Refusal extends Error {
  /** The class's name, for messages. */
  override readonly name = "Refusal";
  /** The status of the response. */
  readonly status: number;
  /** Further headers of the response. */
  readonly headers: Readonly<Record<string, string>>;

  /**
   * A refusal.
   *
   * @param status The status of the response.
   * @param message What is wrong, and the way out.
   * @param headers Further headers of the response.
   */
  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(printable(message, MOST));
    this.status = status;
    this.headers = headers;
  }
}

/** The refusal of what a service has no room for now. */
export function busy(message: string): Refusal {
  return new Refusal(503, `${message}; try again later`, { "retry-after": RETRY });
}

/** The refusal that an error comes to: what was asked is at fault, or else the service. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof InputError) return new Refusal(422, error.message);
  return new Refusal(500, "internal error");
}
