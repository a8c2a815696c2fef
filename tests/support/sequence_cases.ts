/**
 * What PyTorch computes from sequence to sequence, what greedy and beam search find, and what
 * truncated backpropagation through time makes of language models; and whether a backend computes it
 * too. The numbers come from tests/golden/make_sequences.py.
 *
 * @module
 */
import {
  type Backend,
  type FloatArray,
  type Model,
  opsOf,
  type Tensor,
  type Weights,
} from "@unroll/core";
import { assert, assertEquals, assertLess } from "@std/assert";
import golden from "#tests/golden/sequences.json" with { type: "json" };
import { freshStates, tensorsOf } from "#core/network/states.ts";
import { cutStreams } from "#core/language_model/streams.ts";
import type { Attention, EncodedExample } from "#core/model.ts";
import {
  mapWeights,
  type NetworkConfig,
  networkConfig,
  weightShapes,
} from "#core/network/config.ts";
import { OPTIMIZER_DEFAULTS } from "#core/training/optimizer.ts";
import {
  type Answer,
  beamSearch,
  disposeSources,
  greedy,
  readSources,
} from "#core/translation/decode.ts";
import { seq2seqShapes } from "#core/translation/network.ts";
import { trainStep } from "#core/training/step.ts";
import { fromTorch, torchShapes, toTorch } from "#core/files/torch_names.ts";
import { distance, farthest } from "./helpers.ts";
import { pairPasses } from "./pairs.ts";

const { hidden, scale, pairs, documents } = golden;
const TOLERANCE = 1e-5;

type Numbers = Record<string, number[]>;
type Found = Pick<Answer, "symbols" | "logProbability" | "ended">;
type Kind = Pick<Model, "task" | "config" | "attention">;

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

/** PyTorch's weights or gradients under the names of the equations; what is not there is zero. */
function ours(kind: Kind, words: number, labels: number, theirs: Numbers): Weights<FloatArray> {
  const shapes = torchShapes(kind, words, labels);
  const zeros = (name: string) => new Array(shapes[name].reduce((a, b) => a * b)).fill(0);
  return fromTorch(kind, (name) => Float64Array.from(theirs[name] ?? zeros(name)));
}

function scaled(weights: Numbers): Numbers {
  return mapWeights(weights, (numbers) => numbers.map((number) => number / scale));
}

function assertNames(kind: Kind, weights: Weights<FloatArray>, theirs: Numbers): void {
  for (const [name, { data }] of Object.entries(toTorch(kind, weights))) {
    assertLess(distance(data, theirs[name] ?? data.map(() => 0)), 1e-12, name);
  }
}

const show = (config: object) =>
  Object.entries(config).filter(([, value]) => value).map(([k, v]) => `${k} ${v}`).join(", ");

/**
 * The cases: for each network its pass, for each language model its steps, and the searches of
 * every `nth` network, as they read after each symbol and some devices take long to be read.
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
      name: `makes PyTorch's steps on pieces of streams: ${show(entry.config)}`,
      run: (backend: Backend) => comparePieces(backend, entry),
    })),
  ];
}

const encodedPairs = pairs.examples.map(({ source, target }): EncodedExample => ({
  words: Int32Array.from(source),
  labels: Int32Array.from(target),
}));

function translatorOf({ config: { attention, ...given }, weights }: Translator) {
  const config = networkConfig({ ...given, hidden, head: "token" });
  const kind = { task: "translate", config, attention } as const;
  const read = (theirs: Numbers) => ours(kind, pairs.sources, pairs.targets, theirs);
  return { config, kind, attention, read, weights: read(scaled(weights)) };
}

async function comparePairs(backend: Backend, entry: Translator): Promise<void> {
  const { config, kind, attention, read, weights } = translatorOf(entry);
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
  assertNames(kind, weights, scaled(entry.weights));
}

async function compareSearches(backend: Backend, entry: Translator): Promise<void> {
  const { config, attention, weights: numbers } = translatorOf(entry);
  const { sources, targets, maxLength, widths } = pairs;
  const ops = opsOf(backend);
  const shapes = seq2seqShapes(config, attention, sources, targets);
  const weights = mapWeights(shapes, (shape, name) => ops.tensor(numbers[name], shape));
  const compare = ({ symbols, logProbability, ended }: Answer, expected: Found) => {
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

async function comparePieces(backend: Backend, entry: LanguageModel): Promise<void> {
  const config = networkConfig({ ...entry.config, hidden, head: "token" });
  const kind = { task: "language-model", config } as const;
  const { symbols, streams, timeSteps, learningRate } = documents;
  const read = (theirs: Numbers) => ours(kind, symbols, symbols, theirs);
  const ops = opsOf(backend);
  const shapes = weightShapes(config, symbols, symbols);
  const names = Object.keys(shapes);
  const first = read(scaled(entry.weights));
  assertNames(kind, first, scaled(entry.weights));

  const batches = cutStreams(encodedDocuments, streams, timeSteps);
  assertEquals(
    batches.map(({ examples, fresh }) =>
      examples.map(({ words, labels }, i) => ({
        words: [...words],
        labels: [...labels],
        fresh: fresh[i],
      }))
    ),
    documents.pieces,
  );
  let weights = mapWeights(shapes, (shape, name) => ops.tensor(first[name], shape));
  let states = freshStates(ops, config, streams);
  const valuesOf = async () => {
    const values = await ops.read(names.map((name) => weights[name]));
    return Object.fromEntries(names.map((name, i) => [name, values[i]]));
  };
  let before = await valuesOf();
  for (const [k, { examples, fresh }] of batches.entries()) {
    const expected = entry.steps[k];
    const step = trainStep(ops, config, { weights, slots: {} }, examples, timeSteps, {
      optimizer: { ...OPTIMIZER_DEFAULTS, name: "sgd" },
      clipping: { value: Infinity, norm: Infinity },
      learningRate,
      t: k + 1,
      seed: 1,
      carried: { states, fresh },
    });
    ops.dispose(tensorsOf(states));
    [weights, states] = [step.weights, step.carried!];

    const after = await valuesOf();
    // Of a step of gradient descent the gradient can be seen.
    const made = mapWeights(
      before,
      (W, name): FloatArray =>
        Float64Array.from(W, (value, i) => (value - after[name][i]) / learningRate),
    );
    assertLess(farthest(made, read(expected.gradients)), TOLERANCE, `gradients of step ${k + 1}`);
    before = after;

    const [losses] = await ops.read([step.losses]);
    ops.dispose([step.losses, step.logits]);
    const count = step.targets.filter((id) => id >= 0).length;
    const loss = Array.from(losses).reduce((sum, each) => sum + each, 0) / count;
    assertLess(Math.abs(loss - expected.loss), TOLERANCE, `loss of step ${k + 1}`);

    const going = Array.from(examples.keys()).filter((i) => examples[i].words.length > 0);
    await compareStates(ops, states, examples, going.map((i, n) => [i, expected.states[n]]));
  }
  ops.dispose([...Object.values(weights), ...tensorsOf(states)]);
}

type States = LanguageModel["steps"][number]["states"][number];

/** States after whole pieces; after a document's end they go nowhere. */
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
