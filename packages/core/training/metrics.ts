/**
 * Metrics by name.
 *
 * @module
 */

/**
 * How well a model does: its mean loss, in nats for cross-entropy, and further metrics by name,
 * such as the `accuracy`, from 0 to 1, and for a translation model the fraction of `exact` matches.
 */
export interface Metrics {
  /** The mean loss. */
  loss: number;
  /** Further metrics by name. */
  [name: string]: number;
}
