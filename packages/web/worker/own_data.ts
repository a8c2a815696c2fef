/**
 * The visitor's own data.
 *
 * @module
 */
import type { DataSource } from "../data_protocol.ts";
import type { DataSet } from "../sets/sets.ts";

/** Data of the visitor's own. */
export type OwnData = DataSet & DataSource;
