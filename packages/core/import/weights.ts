/**
 * From the tensors that were found to a model's weights: rows in the order of the model's ids.
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

/** What of the options is words and labels. */
interface Words extends SpecialTokens {
  vocabulary?: TokenList;
  columns?: readonly string[];
  targetVocabulary?: TokenList;
  labels?: readonly string[];
}

/** The ids of a model, and where each was. */
interface Ids {
  /** What is read. */
  read: IdOrder;
  /** What the decoder reads, where there is one. */
  decoded?: IdOrder;
  /** What is predicted, where that are symbols. */
  predicted?: IdOrder;
  /** The labels of the model. */
  labels: string[];
  /** What of a network follows from them. */
  sought: Pick<Sought, "words" | "outputs" | "predicted">;
  /** What there is to know, in sentences. */
  notes: string[];
}

/** The ids of a model of a form. */
export function idsOf(form: ImportForm, options: Words): Ids {
  const { vocabulary, targetVocabulary, labels = [], columns = [] } = options;
  const words = [vocabulary?.words.length ?? columns.length], notes: string[] = [];
  const note = ({ rows }: IdOrder, { name }: TokenList) => {
    if (rows[0] >= 0) return;
    notes.push(
      `${name} has no word for unknown ones, which are read as zeros; if one has another name, ` +
        "give --unknown WORD",
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
        `the labels should be ${
          least === 2 ? "two" : "one"
        } or more different ones, got ${length} ` +
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
      `${written.name}: has no ${
        order.hasStart ? "end" : "start"
      } of a text among its symbols, and a ` +
        "decoder begins with one and ends with the other; name them with --start and --end",
    );
  }
  if (!order.hasStart) {
    notes.push(
      `${written.name} has no start of a text: a text begins from zeros; if it is there, give ` +
        "--start SYMBOL",
    );
  }
  const { length } = written.words;
  const sought = { words: [...words, length], outputs: [length], predicted: `${length} symbols` };
  const { read, predicted } = order;
  if (!form.hasDecoder) return { read, predicted, labels: predicted.words, sought, notes };
  const source = wordOrder(vocabulary!, options);
  note(source, vocabulary!);
  return { read: source, decoded: read, predicted, labels: predicted.words, sought, notes };
}

/** What a model's file would say of a task's own settings. */
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

const NEVER = -1e4; // a logit of what is not predicted: e^-10000 is 0

/** Where the rows or the columns of a tensor were. */
interface Change {
  rows?: Int32Array;
  columns?: Int32Array;
  /** What stands where there was nothing. */
  fill: number;
}

/** How the tensors change with the order of ids, by their names in Unroll's files. */
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
    // The log-odds y of the second label: softmax([0, y]) has sigmoid(y) there.
    for (const name of ["head.weight", "head.bias"]) {
      changes[name] = { rows: Int32Array.of(-1, 0), fill: 0 };
    }
  }
  return changes;
}

/** A tensor with its rows and columns where the model has them. */
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

/** The weights of a model, from its tensors in a file. */
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
      // torch.nn leaves biases out where bias=False. All else was found before.
      if (!/bias/.test(name)) fail(`has no tensor for ${name} [${shape}]`);
      const count = shape.reduce((product, n) => product * n, 1);
      const zeros = isDouble ? new Float64Array(count) : new Float32Array(count);
      return change?.rows ? zeros.map((_, i) => change.rows![i] < 0 ? change.fill : 0) : zeros;
    }
    const at = found.data.findIndex((value: number) => !Number.isFinite(value));
    if (at >= 0) fail(`has ${found.data[at]} in ${theirs} at ${at}; a model's numbers are finite`);
    const { data, shape: given } = change ? changed(found, change) : found;
    if (String(given) !== String(shape)) {
      fail(`has ${theirs} [${found.shape}], and ${name} should be [${shape}]`);
    }
    return sized(data);
  });
  for (const [name, numbers] of Object.entries(weights)) {
    if (numbers.every((value: number) => Number.isFinite(value))) continue;
    fail(`has two biases that have no finite sum, in ${name}`);
  }
  return weights;
}
