/**
 * Weights that were trained in PyTorch, as a model.
 *
 * @module
 */
import { requirePositive } from "../checks.ts";
import { InputError } from "../errors.ts";
import {
  type ByteSource,
  type Header,
  READABLE,
  readHeader,
  readTensors,
} from "../files/safetensors.ts";
import type { Shell } from "../model.ts";
import { checkConfig, type Head, type NetworkConfig, networkConfig } from "../network/config.ts";
import type { CellName } from "../network/cells/cells.ts";
import { cellOf } from "../network/cells/cells.ts";
import type { NumberLossName } from "../network/losses/losses.ts";
import { NUMBER_TASKS } from "../number_tasks.ts";
import { printable, quote } from "../printable.ts";
import type { Fail } from "../task.ts";
import { type Model, type TaskName, taskOf } from "../tasks.ts";
import type { TokenizerOptions } from "../text/tokenizer.ts";
import type { SymbolUnit } from "../text/symbols.ts";
import { findNetwork } from "./find_network.ts";
import { FORMS, type ImportForm, type OwnSettings, taskWith } from "./forms.ts";
import type { SpecialTokens } from "./ids.ts";
import { layersInWords } from "./layers.ts";
import { listed, type Pool } from "./linear.ts";
import { tokenizerBy, tokenizerInWords, unitBy } from "./reading.ts";
import type { TokenList } from "./token_list.ts";
import { idsOf, metadataOf, weightsOf } from "./weights.ts";

/** What the weights alone do not say. */
export interface ImportOptions extends SpecialTokens {
  /** What the model is for. Default: the first task that has the head: labels for texts. */
  task?: TaskName;
  /** The words that it reads, by id; of a translation, those of the source. */
  vocabulary: TokenList;
  /** The symbols that a translation writes, by id. */
  targetVocabulary?: TokenList;
  /** The labels, by the row of the head. */
  labels?: readonly string[];
  /** The cell. Default: by the shapes. */
  cell?: CellName;
  /** The activation of a vanilla cell. Default: `"tanh"`. */
  activation?: NetworkConfig["activation"];
  /** The hidden size. Default: by the shapes. */
  hidden?: number;
  /** How states become predictions. Default: the last state, or for twice the width `"mean-max"`. */
  head?: Head;
  /** How texts become words. Default: by the vocabulary. */
  tokenizer?: Partial<TokenizerOptions>;
  /** What the symbols of a language model or a translation are. Default: by the vocabulary. */
  unit?: SymbolUnit;
  /** What separates the labels of a text that may have several. Default: `";"`. */
  separator?: string;
  /** The probability from which on such a label is given. Default: 0.5. */
  threshold?: number;
  /** What a number is scaled by: the answer is mean + deviation * output. Default: 0 and 1. */
  scale?: { mean: number; deviation: number };
  /** The loss that numbers were trained by. Default: `"squared"`. */
  loss?: NumberLossName;
  /** Tensors to leave out, by name or by what their names begin with up to a dot. */
  ignore?: readonly string[];
  /** The names of tensors by those in Unroll's files, where shapes do not settle them. */
  tensors?: Readonly<Record<string, string>>;
}

/** A model that was imported. */
export interface ImportedModel {
  /** The model. */
  model: Model;
  /** Its network in words. */
  network: string;
  /** Its tensors, by the names in Unroll's files: what each was called, and its shape there. */
  tensors: { name: string; from: string; shape: readonly number[] }[];
  /** What the weights did not say, and what was done about it, in sentences. */
  notes: string[];
}

const MAX_PROBLEM = 800; // columns, as names in a file may have any length

/**
 * The model that weights of PyTorch are: a `state_dict()` that was saved as .safetensors, whatever its
 * modules are called. Layers, embedding and head are found by their shapes; the two biases of a gate
 * are added up, save those of a GRU's new gate.
 *
 * @param source The file's bytes.
 * @param name What to call the file in errors.
 * @throws {InputError} Where something does not fit: it names both, with their shapes.
 *
 * @example
 * ```ts
 * import { importModel, parseTokenList } from "@unroll/core/import";
 * import { InputError } from "@unroll/core";
 * import { assertRejects } from "@std/assert";
 *
 * const vocabulary = parseTokenList("<unk>\ngood\nbad\n", "words.txt");
 * const pickle = new Blob([Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0)]); // what torch.save() writes
 * const importing = () => importModel(pickle, { vocabulary, labels: ["no", "yes"] }, "net.pt");
 * await assertRejects(importing, InputError, "save_file");
 * ```
 */
export async function importModel(
  source: ByteSource,
  options: ImportOptions,
  name = "weights",
): Promise<ImportedModel> {
  const fail: Fail = (problem) => {
    throw new InputError(`${name}: ${printable(problem, MAX_PROBLEM)}`);
  };
  const taskName = options.task ?? taskWith(options.head);
  const form = FORMS[taskName];
  if ("refused" in form) throw new InputError(`${name}: cannot be imported: ${form.refused}`);
  checkOptions(form, taskName, options);
  const header = await readForeign(source, name, options.ignore ?? [], fail);
  const pool: Pool = {
    left: new Map([...header.entries].map(([tensor, { shape }]) => [tensor, shape])),
    settled: new Map(Object.entries(options.tensors ?? {})),
    fail,
  };
  const ids = idsOf(form, options);
  const network = findNetwork(pool, form, { ...options, ...ids.sought });
  if (pool.left.size > 0) {
    fail(
      `has ${listed(pool.left)} besides ${
        layersInWords(network.layers)
      }, its inputs and one linear ` +
        "head, which is all that a model has; where the answers do not depend on them, " +
        `give --ignore ${[...pool.left.keys()][0]}`,
    );
  }
  const { cell, hidden, layers, bidirectional } = network.layers;
  const { embedding, projection, head, crf } = network;
  const { activations: [usual, ...others] } = cellOf(cell);
  const activation = options.activation ?? usual;
  const config = networkConfig({
    ...{ cell, hidden, layers, bidirectional, embedding, projection, head, crf, activation },
  });
  checkConfig(config);
  const tokenizer = tokenizerBy(options.vocabulary, form.split, options.tokenizer ?? {});
  const settings: OwnSettings = {
    tokenizer,
    unit: options.unit ?? unitBy(options.vocabulary),
    attends: network.attends,
    separator: options.separator ?? ";",
    threshold: options.threshold ?? 0.5,
    loss: options.loss ?? "squared",
    scale: options.scale ?? { mean: 0, deviation: 1 },
  };
  const task = taskOf({ task: taskName }, NUMBER_TASKS);
  const shell: Shell = task.file.read(
    { config, vocabulary: ids.read.words, labels: ids.labels },
    metadataOf(taskName, form, settings),
    fail,
  );
  const stored = await readTensors(source, header, name);
  const weights = weightsOf(task, shell, network, ids, stored, fail);
  const notes = [...network.notes, ...ids.notes, ...options.vocabulary.notes];
  if (network.outputs < ids.labels.length) {
    notes.push(`the head's one number is the log-odds of ${quote(ids.labels[1])}; it becomes two`);
  }
  if (others.length > 0 && options.activation === undefined) {
    notes.push(`the activation is ${usual}; for another give --activation ${others.join(" or ")}`);
  }
  if (form.predicts !== "symbols") notes.push(tokenizerInWords(tokenizer));
  else notes.push(`texts are read as ${settings.unit}`);
  return {
    model: { ...shell, weights } as Model,
    network: layersInWords(network.layers),
    tensors: Object.keys(task.file.torchShapes(shell)).flatMap((ours) => {
      const from = network.names.get(ours);
      return from === undefined
        ? []
        : [{ name: ours, from, shape: header.entries.get(from)!.shape }];
    }),
    notes,
  };
}

/** Throws for what a task does not have, and for what it needs. */
function checkOptions(form: ImportForm, task: TaskName, options: ImportOptions): void {
  const { head, labels, targetVocabulary, scale } = options;
  if (head !== undefined && !form.heads.includes(head)) {
    throw new InputError(
      `the head of a model for ${task} is ${form.heads.join(", ")}, got ${quote(head)}`,
    );
  }
  if (form.predicts === "labels" && labels === undefined) {
    throw new InputError(
      `a model for ${task} needs its labels by id: give --labels a,b,c or a file`,
    );
  }
  if (form.predicts !== "labels" && labels !== undefined) {
    throw new InputError(`a model for ${task} has no labels; leave --labels out`);
  }
  if (form.hasDecoder && targetVocabulary === undefined) {
    throw new InputError(
      `a model for ${task} needs the words that it writes: give --target-vocabulary FILE`,
    );
  }
  if (!form.hasDecoder && targetVocabulary !== undefined) {
    throw new InputError(`a model for ${task} has one vocabulary; leave --target-vocabulary out`);
  }
  if (scale) requirePositive("the deviation", scale.deviation);
}

const MAX_SETTING = 2 ** 16; // bytes of one of another tool's metadata

/** The header of a file that is none of Unroll's. */
async function readForeign(
  source: ByteSource,
  name: string,
  ignored: readonly string[],
  fail: Fail,
): Promise<Header> {
  const start = new Uint8Array(await source.slice(0, Math.min(4, source.size)).arrayBuffer());
  const isZip = start[0] === 0x50 && start[1] === 0x4b, isPickle = start[0] === 0x80;
  if (isZip || isPickle) {
    fail(
      "is what torch.save() writes, which may run any code when it is read; save it in Python: " +
        "from safetensors.torch import save_file; " +
        `save_file(torch.load(${JSON.stringify(name)}, weights_only=True), "weights.safetensors")`,
    );
  }
  const wanted = new Map([["format", MAX_SETTING], ["vocabulary", 2 ** 25]]);
  const cure = "give a state_dict() that safetensors.torch.save_file() has written";
  const header = await readHeader(source, name, wanted, cure);
  if (header.metadata.has("vocabulary")) {
    fail("is a model of Unroll's already: predict, evaluate and inspect open it as it is");
  }
  for (const each of ignored) {
    const matching = [...header.entries.keys()]
      .filter((tensor) => tensor === each || tensor.startsWith(`${each}.`));
    if (matching.length === 0) {
      const shapes = new Map([...header.entries].map(([tensor, { shape }]) => [tensor, shape]));
      fail(`has no tensor ${quote(each)} to ignore; it has ${listed(shapes)}`);
    }
    for (const tensor of matching) header.entries.delete(tensor);
  }
  for (const [tensor, { dtype }] of header.entries) {
    if (READABLE.includes(dtype)) continue;
    fail(
      `has numbers of the type ${quote(dtype)} in ${tensor}; convert them to one of ` +
        `${READABLE.join(", ")}, or give --ignore ${tensor}`,
    );
  }
  return { ...header, hasChecksum: false };
}
