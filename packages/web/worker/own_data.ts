/**
 * The user's own data.
 *
 * @module
 */
import type { DataSource } from "../data_protocol.ts";
import type { DataSet } from "../sets/sets.ts";

/** The user's own data, and where they came from. */
export type OwnData = DataSet & DataSource;
