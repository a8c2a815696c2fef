/**
 * Encodes series for the network.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { labelIds } from "../classification/encode.ts";
import { quoteSome } from "../data/records.ts";
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import type { Sequence } from "../sequence.ts";
import type { Series } from "../series/series.ts";
import type { EncodeOptions } from "../task.ts";
import type { EncodedExample } from "../training/encoded.ts";
import { inputsOf, inputWidth, placeOfSeries } from "./features.ts";
import { labelOf, type SeriesClassificationModel } from "./model.ts";

/** An encoded series. */
export interface EncodedSeries extends EncodedExample {
  /** One entry for each time step, without meaning: `inputs` takes the place of words. */
  words: Int32Array;
  /** The inputs of the network, `[timeSteps, inputWidth]`. */
  inputs: FloatArray;
}

type Reader = Pick<SeriesClassificationModel, "columns" | "scaling" | "segment">;

/** Encodes a series, which may have no label. */
export function encodeInputs(model: Reader, series: Series, index: number): EncodedSeries {
  const inputs = inputsOf(series, model, index);
  const steps = inputs.length / inputWidth(model);
  return { words: new Int32Array(steps), labels: new Int32Array(0), inputs };
}

/**
 * Encodes labeled series.
 *
 * @throws {InputError} If a series cannot be used, or has a label that the model does not have;
 *   with `mayBeUnseen`, only if all labels are unknown to the model.
 */
export function encodeSeries(
  model: Reader & Pick<SeriesClassificationModel, "labels">,
  all: Sequence<Series>,
  { mayBeUnseen = false }: EncodeOptions = {},
): EncodedSeries[] {
  const idOf = labelIds(model.labels);
  let firstUnseen: string | undefined, isAnySeen = false;
  const encoded = Array.from(all, (series, i) => {
    const label = labelOf(series, i), id = idOf(label);
    isAnySeen ||= id !== undefined;
    if (id === undefined) {
      const place = placeOfSeries(series, i);
      firstUnseen ??= `${place}: the label ${quote(label)} is not one that the model learns: ` +
        quoteSome(model.labels);
      if (!mayBeUnseen) throw new InputError(firstUnseen);
    }
    return { ...encodeInputs(model, series, i), labels: Int32Array.of(id ?? -1) };
  });
  if (isAnySeen || firstUnseen === undefined) return encoded;
  throw new InputError(firstUnseen);
}
