/**
 * The rows of the charts, thinned out so that a long run stays small.
 *
 * @module
 */
import type { TrainEvent } from "@unroll/core/texts";
import type { EpochRow } from "../run_protocol.ts";

const MOST = 4000; // rows: more than the pixels of any chart

/** The history of epochs. */
export class History {
  rows: EpochRow[] = [];
  #every = 1;
  #sent = 0;

  /** Adds an epoch, and thins the rows out if there are too many. */
  add(row: EpochRow): void {
    this.rows.push(row);
    if (this.rows.length < MOST) return;
    this.#every *= 2;
    this.rows = this.rows.filter(({ epoch }) => epoch % this.#every === 0);
    this.#sent = 0;
  }

  /** Returns the rows not sent yet; `isReset` means that all rows are sent again. */
  news(): { rows: EpochRow[]; isReset: boolean } {
    const isReset = this.#sent === 0;
    const rows = this.rows.slice(this.#sent);
    this.#sent = this.rows.length;
    return { rows, isReset };
  }

  /** Replaces the rows. */
  restore(rows: EpochRow[]): void {
    this.rows = rows;
    this.#sent = 0;
  }
}

/** Converts an epoch's event to a row of the charts. */
export function rowOf(event: TrainEvent & { type: "epoch" }): EpochRow {
  const { epoch, train, validation, test } = event;
  return {
    epoch,
    trainLoss: train.loss,
    trainAccuracy: train.accuracy,
    validationLoss: validation?.loss,
    validationAccuracy: validation?.accuracy,
    testLoss: test?.loss,
    testAccuracy: test?.accuracy,
  };
}
