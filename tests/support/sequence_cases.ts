/**
 * Compares a backend with PyTorch for sequence-to-sequence networks, greedy and beam search, and
 * truncated backpropagation through time of language models. The values come from
 * tests/golden/make_sequences.py.
 *
 * @module
 */
import { type Backend, type FloatArray, opsOf, type Tensor } from "@unroll/core";
import { assert, assertEquals, assertLess } from "@std/assert";
import golden from "#tests/golden/sequences.json" with { type: "json" };
import { cutStreams } from "#core/language_model/streams.ts";
import { type NetworkConfig, networkConfig } from "#core/network/config.ts";
import { weightShapes } from "#core/network/shapes.ts";
import { tensorsOf, zeroStates } from "#core/network/states.ts";
import { fromTorch, type StoredTensor, torchShapes, toTorch } from "#core/network/torch_names.ts";
import { mapWeights } from "#core/network/weights.ts";
import type { EncodedExample } from "#core/training/encoded.ts";
import { OPTIMIZER_DEFAULTS } from "#core/training/optimizer.ts";
import {
  beamSearch,
  disposeSources,
  greedy,
  type Hypothesis,
  readSources,
} from "#core/translation/decode.ts";
import { type Attention, seq2seqShapes } from "#core/translation/network.ts";
import { trainStep } from "#core/training/step.ts";
import {
  translationFromTorch,
  translationTorchShapes,
  translationToTorch,
} from "#core/translation/torch_names.ts";
import { distance, farthest } from "./helpers.ts";
import { pairPasses } from "./pairs.ts";

const { hidden, scale, pairs, documents } = golden;
const TOLERANCE = 1e-5;

type Numbers = Record<string, number[]>;
type Found = Pick<Hypothesis, "symbols" | "logProbability" | "ended">;

interface Translator {
  config: Partial<NetworkConfig> & { attention: Attention };
  weights: Numbers;
  logits: number[][];
  loss: number;
  gradients: Numbers;
  attention?: number[][];
  searches: (Found[] | null)[];
}

interface LanguageModel {
  config: Partial<NetworkConfig>;
  weights: Numbers;
  steps: { loss: number; states: { h: number[]; c?: number[] }[]; gradients: Numbers }[];
}

/** PyTorch's weights or gradients; missing ones are zero. */
function reading(shapes: Record<string, number[]>, theirs: Numbers): (name: string) => FloatArray {
  const zeros = (name: string) => new Array(shapes[name].reduce((a, b) => a * b)).fill(0);
  return (name) => Float64Array.from(theirs[name] ?? zeros(name));
}

function scaled(weights: Numbers): Numbers {
  return mapWeights(weights, (numbers) => numbers.map((number) => number / scale));
}

function assertNames(tensors: Record<string, StoredTensor>, theirs: Numbers): void {
  for (const [name, { data }] of Object.entries(tensors)) {
    assertLess(distance(data, theirs[name] ?? data.map(() => 0)), 1e-12, name);
  }
}

const show = (config: object) =>
  Object.entries(config).filter(([, value]) => value).map(([k, v]) => `${k} ${v}`).join(", ");

/**
 * The cases: the pass of each network, the steps of each language model, and the searches of every
 * `nth` network, because searches read after each symbol, which is slow on some devices.
 */
export function sequenceCases(nth = 1): { name: string; run(backend: Backend): Promise<void> }[] {
  const translators = golden.translators as unknown as Translator[];
  const languageModels = golden.languageModels as unknown as LanguageModel[];
  return [
    ...translators.map((entry) => ({
      name: "computes PyTorch's logits, attention, loss and gradients from sequence to sequence: " +
        show(entry.config),
      run: (backend: Backend) => comparePairs(backend, entry),
    })),
    ...translators.filter((_, i) => i % nth === 0).map((entry) => ({
      name: `finds greedily and by beam search what Python finds: ${show(entry.config)}`,
      run: (backend: Backend) => compareSearches(backend, entry),
    })),
    ...languageModels.map((entry) => ({
      name: `makes PyTorch's steps on chunks of streams: ${show(entry.config)}`,
      run: (backend: Backend) => compareChunks(backend, entry),
    })),
  ];
}

const encodedPairs = pairs.examples.map(({ source, target }): EncodedExample => ({
  words: Int32Array.from(source),
  labels: Int32Array.from(target),
}));

function translatorOf({ config: { attention, ...given }, weights }: Translator) {
  const config = networkConfig({ ...given, hidden, head: "token" });
  const symbols = (length: number) => Array.from({ length }, (_, id) => `${id}`);
  const shapes = translationTorchShapes({
    task: "translate",
    unit: "characters",
    config,
    attention,
    vocabulary: symbols(pairs.sources),
    labels: symbols(pairs.targets),
  });
  const read = (theirs: Numbers) =>
    translationFromTorch({ config, attention }, reading(shapes, theirs));
  return { config, attention, read, weights: read(scaled(weights)) };
}

async function comparePairs(backend: Backend, entry: Translator): Promise<void> {
  const { config, attention, read, weights } = translatorOf(entry);
  const { sources, targets } = pairs;
  const network = { config, attention, sources, targets };
  const actual = await pairPasses(backend, network, weights, encodedPairs);
  const batch = encodedPairs.length;
  for (const [i, { words, labels }] of encodedPairs.entries()) {
    const rows = Array.from(labels, (_, t) => t * batch + i);
    const logits = rows.flatMap((row) => [
      ...actual.logits.subarray(row * targets, (row + 1) * targets),
    ]);
    assertLess(distance(logits, entry.logits[i]), TOLERANCE, "logits");
    if (!actual.looked) continue;
    const keys = actual.pairs.sourceSteps * batch;
    const looked = rows.flatMap((row) =>
      Array.from(words, (_, j) => actual.looked![row * keys + j * batch + i])
    );
    assertLess(distance(looked, entry.attention![i]), TOLERANCE, "attention");
  }
  assertLess(Math.abs(actual.loss - entry.loss), TOLERANCE, "loss");
  assertLess(farthest(actual.gradients, read(entry.gradients)), TOLERANCE, "gradients");
  assertNames(translationToTorch(config, weights), scaled(entry.weights));
}

async function compareSearches(backend: Backend, entry: Translator): Promise<void> {
  const { config, attention, weights: numbers } = translatorOf(entry);
  const { sources, targets, maxLength, widths } = pairs;
  const ops = opsOf(backend);
  const shapes = seq2seqShapes(config, attention, sources, targets);
  const weights = mapWeights(shapes, (shape, name) => ops.tensor(numbers[name], shape));
  const compare = ({ symbols, logProbability, ended }: Hypothesis, expected: Found) => {
    assertEquals({ symbols, ended }, { symbols: expected.symbols, ended: expected.ended });
    assertLess(Math.abs(logProbability - expected.logProbability), TOLERANCE);
  };
  const all = encodedPairs.map(({ words }) => words);
  const together = readSources(ops, config, weights, all, sources);
  const answers = await greedy(ops, config, weights, together, maxLength);
  disposeSources(ops, together);
  for (const [i, found] of entry.searches.entries()) {
    if (!found) continue;
    compare(answers[i], found[0]);
    const alone = readSources(ops, config, weights, [all[i]], sources);
    for (const [k, width] of widths.entries()) {
      compare(await beamSearch(ops, config, weights, alone, maxLength, width), found[k]);
    }
    disposeSources(ops, alone);
  }
  ops.dispose(Object.values(weights));
}

const encodedDocuments = documents.examples.map((ids): EncodedExample => {
  const edge = documents.symbols - 1; // the start and the end
  return { words: Int32Array.of(edge, ...ids), labels: Int32Array.of(...ids, edge) };
});

async function compareChunks(backend: Backend, entry: LanguageModel): Promise<void> {
  const config = networkConfig({ ...entry.config, hidden, head: "token" });
  const { symbols, streams, timeSteps, learningRate } = documents;
  const torch = torchShapes(config, symbols, symbols);
  const read = (theirs: Numbers) => fromTorch(config, reading(torch, theirs));
  const ops = opsOf(backend);
  const shapes = weightShapes(config, symbols, symbols);
  const names = Object.keys(shapes);
  const first = read(scaled(entry.weights));
  assertNames(toTorch(config, first), scaled(entry.weights));

  const batches = [...cutStreams(encodedDocuments, streams, timeSteps)];
  assertEquals(
    batches.map(({ examples, resetState }) =>
      examples.map(({ words, labels }, i) => ({
        words: [...words],
        labels: [...labels],
        fresh: resetState[i],
      }))
    ),
    documents.pieces,
  );
  let weights = mapWeights(shapes, (shape, name) => ops.tensor(first[name], shape));
  let states = zeroStates(ops, config, streams);
  const valuesOf = async () => {
    const values = await ops.read(names.map((name) => weights[name]));
    return Object.fromEntries(names.map((name, i) => [name, values[i]]));
  };
  let before = await valuesOf();
  for (const [k, { examples, resetState }] of batches.entries()) {
    const expected = entry.steps[k];
    const step = trainStep(ops, config, { weights, slots: {} }, examples, timeSteps, {
      optimizer: { ...OPTIMIZER_DEFAULTS, name: "sgd" },
      clipping: { value: Infinity, norm: Infinity },
      learningRate,
      t: k + 1,
      seed: 1,
      carriedState: { states, resetState },
    });
    ops.dispose(tensorsOf(states));
    [weights, states] = [step.weights, step.carriedState!];

    const after = await valuesOf();
    // A step of gradient descent shows the gradient.
    const made = mapWeights(
      before,
      (W, name): FloatArray =>
        Float64Array.from(W, (value, i) => (value - after[name][i]) / learningRate),
    );
    assertLess(farthest(made, read(expected.gradients)), TOLERANCE, `gradients of step ${k + 1}`);
    before = after;

    const [losses] = await ops.read([step.losses]);
    ops.dispose([step.losses, step.outputs]);
    const count = step.targets.filter((id) => id >= 0).length;
    const loss = Array.from(losses).reduce((sum, each) => sum + each, 0) / count;
    assertLess(Math.abs(loss - expected.loss), TOLERANCE, `loss of step ${k + 1}`);

    const going = Array.from(examples.keys()).filter((i) => examples[i].words.length > 0);
    await compareStates(ops, states, examples, going.map((i, n) => [i, expected.states[n]]));
  }
  ops.dispose([...Object.values(weights), ...tensorsOf(states)]);
}

type States = LanguageModel["steps"][number]["states"][number];

/** Returns the states after complete chunks; those after a document's end are not used. */
async function compareStates(
  { read }: Backend,
  states: readonly { h: Tensor; c?: Tensor }[],
  examples: readonly EncodedExample[],
  expected: [stream: number, states: States][],
): Promise<void> {
  for (const [layer, { h, c }] of states.entries()) {
    const values = await read(c ? [h, c] : [h]);
    for (const [stream, { h, c }] of expected) {
      if (examples[stream].words.length < documents.timeSteps) continue;
      const of = [h, c].filter((each) => each !== undefined);
      assert(of.length === values.length);
      for (const [k, theirs] of of.entries()) {
        const mine = values[k].subarray(stream * hidden, (stream + 1) * hidden);
        const layers = theirs.slice(layer * hidden, (layer + 1) * hidden);
        assertLess(distance(mine, layers), TOLERANCE, "states that are carried");
      }
    }
  }
}
