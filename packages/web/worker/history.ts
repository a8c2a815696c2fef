/**
 * What the charts show, thinned out so that a long run stays small.
 *
 * @module
 */
import type { TrainEvent } from "@unroll/core/texts";
import type { EpochRow } from "../run_protocol.ts";

const MOST = 4000; // rows: more than any chart has pixels

/** The epochs so far. */
export class History {
  rows: EpochRow[] = [];
  #every = 1;
  #sent = 0;

  /** Notes an epoch. */
  add(row: EpochRow): void {
    this.rows.push(row);
    if (this.rows.length < MOST) return;
    this.#every *= 2;
    this.rows = this.rows.filter(({ epoch }) => epoch % this.#every === 0);
    this.#sent = 0;
  }

  /** What was not sent yet; with `isReset`, all of it is sent again. */
  news(): { rows: EpochRow[]; isReset: boolean } {
    const isReset = this.#sent === 0;
    const rows = this.rows.slice(this.#sent);
    this.#sent = this.rows.length;
    return { rows, isReset };
  }

  /** Starts with these. */
  restore(rows: EpochRow[]): void {
    this.rows = rows;
    this.#sent = 0;
  }
}

/** A row of the charts. */
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
