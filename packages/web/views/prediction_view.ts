/**
 * How the columns of the picture show predictions.
 *
 * @module
 */
import type { Look } from "../picture_protocol.ts";

/** The places for a prediction besides its own element. */
export interface PredictionPlaces {
  /** The word of the column. */
  word: HTMLElement;
  /** The element below the word. */
  tag: HTMLElement;
}

/** What one column shows of a prediction. */
export interface ColumnPrediction {
  /** The element above the column. */
  above: HTMLElement;
  /** The element below it, instead of the gradient's norm. */
  below?: HTMLElement;
  /** Shows the prediction at word t. */
  paint(look: Look, t: number): void;
  /** Describes the prediction as last painted. */
  summary(look: Look): string;
}

/** A kind of prediction in the picture. */
export interface PredictionView {
  /** The class of the picture, if the style sheet has one for it. */
  readonly className?: "tags" | "writes" | "translates";
  /** Whether each column has an output, with an arrow to it. */
  readonly hasOutputs: boolean;
  /** Formats the word at t. */
  shownWord(word: string, t: number): string;
  /** Creates the prediction of a column. */
  create(look: Look, places: PredictionPlaces): ColumnPrediction;
  /** Paints the targets beside the columns, and returns the note below them. */
  paintTargets?(look: Look, targets: Element): string;
}

/** Returns whether the network knows any word up to t; otherwise its answer is meaningless. */
export function knowsSome({ ids }: Pick<Look, "ids">, t = ids.length - 1): boolean {
  return ids.slice(0, t + 1).some((id) => id > 0);
}

/** Returns the index of the largest number, without spread arguments, as there may be too many. */
export function argmax(p: readonly number[]): number {
  return p.reduce((best, value, i) => value > p[best] ? i : best, 0);
}
