/**
 * Time series: the data of forecasting, series classification and series regression.
 *
 * @module
 */

/** A time series: one row per time step, one column per variable. */
export interface Series {
  /** The name of the series, if there are several. */
  name?: string;
  /** Its place in the data, for errors, such as `sales.csv:2`. */
  where?: string;
  /** The names of the columns. */
  columns: readonly string[];
  /** The values of each column, all of one length. A missing value is NaN until it is filled. */
  values: readonly Float64Array[];
  /** The time of each step in milliseconds since 1970 (UTC), if known. */
  time?: Float64Array;
  /** Its target, if it has one: a class label, or a number written as text. */
  label?: string;
}
