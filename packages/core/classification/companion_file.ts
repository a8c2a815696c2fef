/**
 * The parts of a classifier besides its network, in files.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { BUCKETS, type FeatureKind, type NgramKind } from "../baseline/ngrams.ts";
import type { StoredTensor } from "../network/torch_names.ts";
import type { Fail, Metadata } from "../task.ts";
import { isRecord } from "../training/same.ts";
import type { Companions, LabelCalibration } from "./combine.ts";
import type { TrustLevel } from "./certainty.ts";

type Labeled<K extends FeatureKind> = Companions<K> & { labels: readonly string[] };

/** Returns the metadata: the number of n-grams of each kind, and the calibration. */
export function companionMetadata(
  { linear, calibration }: Companions<FeatureKind>,
): Record<string, string> {
  const counts = linear?.ngrams.map(({ kind, idf }) => [kind, idf.length]);
  return {
    ...(counts ? { linear: JSON.stringify(Object.fromEntries(counts)) } : {}),
    ...(calibration ? { calibration: JSON.stringify(calibration) } : {}),
  };
}

/**
 * Reads and checks the parts that the metadata describe; their numbers come from tensors later.
 *
 * @param kinds The kinds of features that the linear model may have.
 */
export function companionsIn<K extends FeatureKind>(
  metadata: Metadata,
  fail: Fail,
  kinds: readonly K[],
): Companions<K> {
  const has = (key: string) => metadata.text(key) !== undefined;
  const companions: Companions<K> = {};
  if (has("linear")) {
    const counts = metadata.json("linear");
    const isFit = isRecord(counts) && Object.keys(counts).length > 0 &&
      Object.entries(counts).every(([kind, count]) =>
        (kinds as readonly string[]).includes(kind) && Number.isSafeInteger(count) &&
        (count as number) >= 0
      );
    if (!isFit) return fail("is damaged: its linear should be counts of n-grams by kind");
    const none = () => new Float32Array(0);
    companions.linear = {
      ngrams: Object.entries(counts).map(([kind, count]) => {
        if ((count as number) > BUCKETS) fail("is damaged: its linear has too many n-grams");
        const numbers = () => new Float32Array(count as number);
        return { kind: kind as K, buckets: numbers(), idf: numbers() };
      }),
      weight: none(),
      bias: none(),
    };
  }
  if (has("calibration")) {
    const value = metadata.json("calibration");
    const isFit = isCalibration(value) && (value.linear === 0 || companions.linear !== undefined);
    if (!isFit) return fail("is damaged: its calibration should be weights of at least 0");
    companions.calibration = value;
  }
  return companions;
}

/** The kinds of features that the linear model of a classifier may have. */
export const NGRAM_KINDS: readonly NgramKind[] = ["words", "letters"];

function areNumbers(...values: unknown[]): boolean {
  return values.every((value) => typeof value === "number" && value >= 0 && value < Infinity);
}

function isCalibration(value: unknown): value is LabelCalibration {
  return isRecord(value) && areNumbers(value.network, value.linear, value.examples) &&
    isRecord(value.error) && areNumbers(value.error.before, value.error.after) &&
    (value.trust === undefined || isTrust(value.trust)) &&
    (value.margin === undefined || areNumbers(value.margin));
}

function isTrust(value: unknown): value is TrustLevel {
  return isRecord(value) && areNumbers(value.probability) &&
    [value.below, value.above].every((side) =>
      isRecord(side) && areNumbers(side.accuracy, side.count)
    );
}

/** Returns the tensor shapes: `linear.weight` and `linear.bias` are as in `torch.nn.Linear`. */
export function companionShapes(
  { linear, labels }: Labeled<FeatureKind>,
): Record<string, number[]> {
  if (!linear) return {};
  const classes = labels.length;
  const columns = linear.ngrams.reduce((sum, { idf }) => sum + idf.length, 0);
  return {
    ...Object.fromEntries(linear.ngrams.flatMap(({ kind, idf: { length } }) => [
      [`linear.${kind}.buckets`, [length]],
      [`linear.${kind}.idf`, [length]],
    ])),
    "linear.weight": [classes, columns],
    "linear.bias": [classes],
  };
}

/** Transposes a matrix stored row by row. */
function transposed(data: ArrayLike<number>, rows: number): Float32Array<ArrayBuffer> {
  const columns = rows > 0 ? data.length / rows : 0;
  const result = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[j * rows + i] = data[i * columns + j];
  }
  return result;
}

/** Returns the tensors of a model's linear classifier, by name. */
export function companionTensors(model: Labeled<FeatureKind>): Record<string, StoredTensor> {
  const { linear } = model;
  if (!linear) return {};
  const data: Record<string, Float32Array<ArrayBuffer>> = {
    "linear.weight": transposed(linear.weight, linear.weight.length / linear.bias.length),
    "linear.bias": linear.bias,
  };
  for (const { kind, buckets, idf } of linear.ngrams) {
    data[`linear.${kind}.buckets`] = buckets;
    data[`linear.${kind}.idf`] = idf;
  }
  return Object.fromEntries(
    Object.entries(companionShapes(model)).map(([name, shape]) => [
      name,
      { shape, data: data[name] },
    ]),
  );
}

/** Reads the linear classifier's numbers from the tensors. */
export function companionsFrom<K extends FeatureKind>(
  { linear, labels }: Labeled<K>,
  data: (tensor: string) => FloatArray,
): Companions<K> {
  if (!linear) return {};
  return {
    linear: {
      ngrams: linear.ngrams.map(({ kind }) => ({
        kind,
        buckets: Float32Array.from(data(`linear.${kind}.buckets`)),
        idf: Float32Array.from(data(`linear.${kind}.idf`)),
      })),
      weight: transposed(data("linear.weight"), labels.length),
      bias: Float32Array.from(data("linear.bias")),
    },
  };
}
