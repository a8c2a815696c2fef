/**
 * Conversion of the tensors that were found to a model's weights, in the order of its ids.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { InputError } from "../errors.ts";
import type { Shell } from "../model.ts";
import type { StoredTensor } from "../network/torch_names.ts";
import type { Weights } from "../network/weights.ts";
import type { Fail, Metadata } from "../task.ts";
import type { AnyTask, TaskName } from "../tasks.ts";
import { DECODER, ENCODER } from "../translation/network.ts";
import type { FoundNetwork } from "./find_network.ts";
import type { Sought } from "./find_head.ts";
import type { ImportForm, OwnSettings } from "./forms.ts";
import { columnOrder, type IdOrder, type SpecialTokens, symbolOrder, wordOrder } from "./ids.ts";
import type { TokenList } from "./token_list.ts";

/** The options that define words and labels. */
interface Words extends SpecialTokens {
  vocabulary?: TokenList;
  columns?: readonly string[];
  targetVocabulary?: TokenList;
  labels?: readonly string[];
}

/** The ids of a model, with their previous rows. */
interface Ids {
  /** The ids that the network or its encoder reads. */
  read: IdOrder;
  /** The ids that the decoder reads, if there is one. */
  decoded?: IdOrder;
  /** The ids that are predicted, if the model predicts tokens. */
  predicted?: IdOrder;
  /** The labels of the model. */
  labels: string[];
  /** The sizes of the network that follow from the ids. */
  sought: Pick<Sought, "words" | "outputs" | "predicted">;
  /** The assumptions that were made, one sentence each. */
  notes: string[];
}

/** Returns the ids of a model; throws if labels are too few or repeated, or tokens are missing. */
export function idsOf(form: ImportForm, options: Words): Ids {
  const { vocabulary, targetVocabulary, labels = [], columns = [] } = options;
  const words = [vocabulary?.words.length ?? columns.length], notes: string[] = [];
  const note = ({ rows }: IdOrder, { name }: TokenList) => {
    if (rows[0] >= 0) return;
    notes.push(
      `${name} has no token for unknown words, which are read as zeros; if it has one under ` +
        "another name, give --unknown WORD",
    );
  };
  if (form.predicts !== "symbols") {
    const read = vocabulary ? wordOrder(vocabulary, options) : columnOrder(columns);
    if (vocabulary) note(read, vocabulary);
    const { length } = labels;
    if (form.predicts === "number") {
      return { read, labels: [], sought: { words, outputs: [1], predicted: "a number" }, notes };
    }
    const least = form.mayBeBinary ? 2 : 1;
    if (length < least || new Set(labels).size < length) {
      throw new InputError(
        `there must be ${
          least === 2 ? "two" : "one"
        } or more labels, all distinct, got ${length} ` +
          "(--labels)",
      );
    }
    const outputs = form.mayBeBinary && length === 2 ? [2, 1] : [length];
    const predicted = `${length} label${length === 1 ? "" : "s"}`;
    return { read, labels: [...labels], sought: { words, outputs, predicted }, notes };
  }
  const written = targetVocabulary ?? vocabulary!;
  const order = symbolOrder(written, options);
  note(order.read, written);
  if (form.hasDecoder && !(order.hasStart && order.hasEnd)) {
    throw new InputError(
      `${written.name}: has no ${order.hasStart ? "end" : "start"} token, but a decoder needs ` +
        "a start and an end token; name them with --start and --end",
    );
  }
  if (!order.hasStart) {
    notes.push(
      `${written.name} has no start token, so texts start from zeros; if it has one under ` +
        "another name, give --start TOKEN",
    );
  }
  const { length } = written.words;
  const sought = { words: [...words, length], outputs: [length], predicted: `${length} tokens` };
  const { read, predicted } = order;
  if (!form.hasDecoder) return { read, predicted, labels: predicted.words, sought, notes };
  const source = wordOrder(vocabulary!, options);
  note(source, vocabulary!);
  return { read: source, decoded: read, predicted, labels: predicted.words, sought, notes };
}

/** Returns the metadata of a task's settings as a model file would have them. */
export function metadataOf(
  task: TaskName,
  form: ImportForm,
  settings: OwnSettings,
): Metadata {
  const texts: Record<string, string> = { task, ...form.metadata(settings) };
  return {
    text: (key) => texts[key],
    json: (key) => texts[key] === undefined ? undefined : JSON.parse(texts[key]),
  };
}

const NEVER = -1e4; // the logit of tokens that are never predicted: e^-10000 is 0

/** A reordering of a tensor's rows or columns, given by their previous indices; -1 for new ones. */
interface Change {
  rows?: Int32Array;
  columns?: Int32Array;
  /** The value of new rows and columns. */
  fill: number;
}

/** Returns the changes that the order of ids requires, by the tensors' names in Unroll's files. */
function changesOf(network: FoundNetwork, ids: Ids): Record<string, Change> {
  const changes: Record<string, Change> = {};
  const ofInputs = (place: string, { rows }: IdOrder) => {
    if (network.embedding > 0) changes[`${place}embedding.weight`] = { rows, fill: 0 };
    else {
      for (const end of ["", "_reverse"]) {
        changes[`${place}rnn.weight_ih_l0${end}`] = { columns: rows, fill: 0 };
      }
    }
  };
  ofInputs(ids.decoded ? ENCODER : "", ids.read);
  if (ids.decoded) ofInputs(DECODER, ids.decoded);
  const { predicted, labels } = ids;
  if (predicted) {
    changes["head.weight"] = { rows: predicted.rows, fill: 0 };
    changes["head.bias"] = { rows: predicted.rows, fill: NEVER };
  } else if (network.outputs < labels.length) {
    // The one output y is the log-odds of the second label: softmax([0, y]) = [1 - σ(y), σ(y)].
    for (const name of ["head.weight", "head.bias"]) {
      changes[name] = { rows: Int32Array.of(-1, 0), fill: 0 };
    }
  }
  return changes;
}

/** Returns a tensor with its rows and columns in the model's order. */
function changed(
  { shape, data }: StoredTensor,
  { rows, columns, fill }: Change,
): StoredTensor {
  const [height, width = 1] = shape;
  const from = rows ?? Int32Array.from({ length: height }, (_, i) => i);
  const across = columns ?? Int32Array.from({ length: width }, (_, j) => j);
  const result = data instanceof Float64Array
    ? new Float64Array(from.length * across.length)
    : new Float32Array(from.length * across.length);
  for (const [i, row] of from.entries()) {
    for (const [j, column] of across.entries()) {
      result[i * across.length + j] = row < 0 || column < 0 ? fill : data[row * width + column];
    }
  }
  const size = shape.length === 1 ? [from.length] : [from.length, across.length];
  return { shape: size, data: result };
}

/** Converts the tensors of a file to a model's weights, or fails. */
export function weightsOf(
  task: AnyTask,
  shell: Shell,
  network: FoundNetwork,
  ids: Ids,
  stored: ReadonlyMap<string, StoredTensor>,
  fail: Fail,
): Weights<FloatArray> {
  const shapes: Record<string, number[]> = task.file.torchShapes(shell);
  const changes = changesOf(network, ids);
  const isDouble = [...stored.values()].some(({ data }) => data instanceof Float64Array);
  const sized = (data: FloatArray) =>
    isDouble
      ? Float64Array.from(data)
      : data instanceof Float32Array
      ? data
      : Float32Array.from(data);
  const weights: Weights<FloatArray> = task.file.fromTorch(shell, (name: string) => {
    const theirs = network.names.get(name), shape = shapes[name];
    const change = changes[name];
    const found = theirs === undefined ? undefined : stored.get(theirs);
    if (found === undefined) {
      // With bias=False, torch.nn has no biases. All other tensors were found before.
      if (!/bias/.test(name)) fail(`has no tensor for ${name} [${shape}]`);
      const count = shape.reduce((product, n) => product * n, 1);
      const zeros = isDouble ? new Float64Array(count) : new Float32Array(count);
      return change?.rows ? zeros.map((_, i) => change.rows![i] < 0 ? change.fill : 0) : zeros;
    }
    const at = found.data.findIndex((value: number) => !Number.isFinite(value));
    if (at >= 0) fail(`has ${found.data[at]} in ${theirs} at ${at}; weights must be finite`);
    const { data, shape: given } = change ? changed(found, change) : found;
    if (String(given) !== String(shape)) {
      fail(`has ${theirs} [${found.shape}], but ${name} should be [${shape}]`);
    }
    return sized(data);
  });
  for (const [name, numbers] of Object.entries(weights)) {
    if (numbers.every((value: number) => Number.isFinite(value))) continue;
    fail(`has two biases whose sum is not finite, in ${name}`);
  }
  return weights;
}
