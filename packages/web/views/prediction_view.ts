/**
 * How the columns of the picture show what the network predicts.
 *
 * @module
 */
import type { Look } from "../picture_protocol.ts";

/** Where a prediction is written besides its own element. */
export interface PredictionPlaces {
  /** The word of the column. */
  word: HTMLElement;
  /** The place below the word. */
  tag: HTMLElement;
}

/** What one column shows of a prediction. */
export interface ColumnPrediction {
  /** Stands above the column. */
  above: HTMLElement;
  /** Stands below it, in place of the gradient's size. */
  below?: HTMLElement;
  /** Shows the prediction at word t. */
  paint(look: Look, t: number): void;
  /** The prediction in words, as last painted. */
  summary(look: Look): string;
}

/** A kind of prediction in the picture. */
export interface PredictionView {
  /** The class of the picture, if the style sheet has one for it. */
  readonly className?: "tags" | "writes" | "translates";
  /** Whether each column gives an output, to which an arrow leads. */
  readonly hasOutputs: boolean;
  /** How the word at t is written. */
  shownWord(word: string, t: number): string;
  /** The prediction of a column. */
  create(look: Look, places: PredictionPlaces): ColumnPrediction;
  /** What stands beside the columns, and the note below them. */
  paintTargets?(look: Look, targets: Element): string;
}

/** Whether the network knows one of the words up to t: else its answer means nothing. */
export function knowsSome({ ids }: Pick<Look, "ids">, t = ids.length - 1): boolean {
  return ids.slice(0, t + 1).some((id) => id > 0);
}

/** The place of the largest number; there may be too many for one call. */
export function argmax(p: readonly number[]): number {
  return p.reduce((best, value, i) => value > p[best] ? i : best, 0);
}
