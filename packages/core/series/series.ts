/**
 * Numbers over time: what forecasts, labels of series and numbers for series are learned from.
 *
 * @module
 */

/** Numbers over time: a row for each step, a column for each thing that is measured. */
export interface Series {
  /** What it is called, where there are several. */
  name?: string;
  /** Where it stands, for errors: `sales.csv:2`. */
  where?: string;
  /** The names of its columns. */
  columns: readonly string[];
  /** The numbers of each column, equally many. NaN where one is missing, before it is filled. */
  values: readonly Float64Array[];
  /** The time of each step in milliseconds since 1970 (UTC), where it is known. */
  time?: Float64Array;
  /** What it is: its label or its number, where it has one. */
  label?: string;
}
