import { createCpuBackend } from "@unroll/backend-cpu";
import {
  buildDataset,
  createModel,
  createPredictor,
  evaluate,
  type Example,
  fit,
  gradientNorms,
  InputError,
  type ModelOptions,
  predict,
  Random,
  readCheckpoint,
  readModel,
  traceGradients,
  traceSteps,
  traceText,
  traceWords,
  train,
  type TrainOptions,
  writeCheckpoint,
  writeModel,
} from "@unroll/core";
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createSimdBackend } from "#cpu/simd.ts";

// Only the last letter and the case determine the tag; words rarely repeat.
const random = new Random(3);
const letter = () => "abcdefgh"[Math.floor(8 * random.uniform())];
function word(): [word: string, tag: string] {
  const stem = Array.from({ length: 3 + Math.floor(4 * random.uniform()) }, letter).join("");
  const kind = Math.floor(3 * random.uniform());
  if (kind === 0) return [stem + "s", "PLURAL"];
  return kind === 1 ? [stem.toUpperCase() + "t", "NAME"] : [stem + "t", "OTHER"];
}
function sentences(count: number): Example[] {
  return Array.from({ length: count }, () => {
    const words = Array.from({ length: 1 + Math.floor(7 * random.uniform()) }, word);
    return {
      text: words.map(([word]) => word).join(" "),
      label: words.map(([, tag]) => tag).join(" "),
    };
  });
}
const examples = sentences(120), others = sentences(40);
const NETWORK = {
  cell: "gru",
  hidden: 8,
  embedding: 6,
  letters: 8,
  head: "token",
  init: "scaled",
} as const;
const TRAINING: TrainOptions = {
  epochs: 8,
  batchSize: 4,
  optimizer: { name: "adam" },
  learningRate: 0.01,
};
const tagger = (options: Partial<ModelOptions> = {}, from = examples) =>
  createModel(from, { ...NETWORK, ...options, head: "token" });

Deno.test("a tagger reads unknown words by their letters, and reports which words are known", async () => {
  const backend = createCpuBackend();
  const model = tagger();
  await fit(backend, model, examples, TRAINING);
  const { accuracy, unknownTexts } = await evaluate(backend, model, others);
  assert(accuracy > 0.95, `accuracy ${accuracy}`);
  assert(unknownTexts > 20, "almost every word should be unknown");
  const blind = tagger({ letters: 0 });
  await fit(backend, blind, examples, TRAINING);
  assert((await evaluate(backend, blind, others)).accuracy < 0.7);

  const [known] = examples[0].text.split(" ");
  const [tags] = await predict(backend, model, [`${known} HADAt ${known.toUpperCase()}`]);
  assertEquals(tags.map(({ word }) => word), [known, "HADAt", known.toUpperCase()]);
  assertEquals(tags.map(({ known }) => known), [true, false, true]);
  assertEquals(tags[1].label, "NAME");
  assertEquals(backend.live, 0);
});

Deno.test("a tagger's words are lowercase, but its letters keep their case", () => {
  const model = createModel(
    [{ text: "Ann saw ANN Öl Öl", label: "A B A C C" }, { text: "öl", label: "C" }],
    { ...NETWORK, hidden: 4 },
  );
  assertEquals(model.vocabulary, ["<unk>", "ann", "saw", "öl"]);
  assertEquals(model.alphabet, ["<unk>", "A", "N", "l", "n", "Ö"]); // seen twice or more
  assertEquals(model.tokenizer.spelling, "keep");
  assertEquals(model.weights["letters.embedding"].length, 6 * 24);
  assertEquals(tagger({ letters: 0 }).alphabet, undefined);
  assertEquals("letters" in tagger({ letters: 0 }).config, false);
});

Deno.test("letters are refused for text classifiers", () => {
  const some = [{ text: "good", label: "up" }, { text: "bad", label: "down" }];
  assertThrows(
    () => createModel(some, { embedding: 4, letters: 4 }),
    InputError,
    "letters are for the head token",
  );
});

Deno.test("a tagger with letters has the same weights on any number of threads", async () => {
  const options = { ...TRAINING, epochs: 2, validation: others };
  const [one, ...more] = await Promise.all([1, 2, 3].map(async (threads) => {
    const backend = createSimdBackend({ fused: true, threads, minWorkToShare: 0 })!;
    const model = tagger({ dropout: 0.3, cell: "lstm", bidirectional: true });
    await fit(backend, model, examples, options);
    backend.dispose();
    return writeModel(model);
  }));
  for (const other of more) assertEquals(other, one);
});

Deno.test("a tagger with letters resumes from a checkpoint bit for bit", async () => {
  const options = { ...TRAINING, epochs: 3, validation: others.slice(0, 9) };
  const network = { dropout: 0.4, bidirectional: true };
  const whole = tagger(network);
  await fit(createCpuBackend(), whole, examples, options);
  let count = 0;
  const watched = tagger(network);
  const events = train(createCpuBackend(), watched, examples, { ...options, checkpointEvery: 17 });
  for await (const event of events) {
    if (event.type !== "checkpoint" || count++ > 4) continue;
    const file = new Blob([writeCheckpoint(event.checkpoint)]);
    const { checkpoint: resume } = await readCheckpoint(file);
    const rest = tagger(network);
    await fit(createCpuBackend(), rest, examples, { ...options, resume });
    assertEquals(writeModel(rest), writeModel(whole));
  }
  assert(count > 3);
});

Deno.test("a tagger with letters trains to the same weights on a dataset and on an array", async () => {
  const model = tagger();
  const builder = buildDataset({ task: "tagging", tokenizer: model.tokenizer });
  for (const example of examples) builder.add(example);
  const dataset = builder.build();
  const packed = createModel(dataset, { ...NETWORK, head: "token" });
  assertEquals(packed, model);
  const options = { ...TRAINING, epochs: 2 };
  await fit(createCpuBackend(), model, examples, options);
  await fit(createCpuBackend(), packed, dataset, options);
  assertEquals(packed.weights, model.weights);
});

Deno.test("a model file has the letters' weights under PyTorch's names", async () => {
  const model = tagger({ hidden: 4, letters: 3 });
  const bytes = writeModel(model);
  assertEquals(await readModel(new Blob([bytes])), model);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const shapeOf = (name: string) => header[name].shape;
  const letters = model.alphabet!.length;
  assertEquals(shapeOf("letters.embedding.weight"), [letters, 24]);
  assertEquals(shapeOf("letters.rnn.weight_ih_l0"), [9, 24]);
  assertEquals(shapeOf("letters.rnn.weight_hh_l0_reverse"), [9, 3]);
  assertEquals(shapeOf("letters.rnn.bias_hh_l0"), [9]);
  assertEquals(shapeOf("rnn.weight_ih_l0"), [12, 6 + 2 * 3]); // a word's embedding, and its letters

  const damaged = async (change: (metadata: Record<string, string>) => void) => {
    const copy = structuredClone(header);
    delete copy.__metadata__.crc32;
    change(copy.__metadata__);
    const text = new TextEncoder().encode(JSON.stringify(copy));
    const size = new BigUint64Array([BigInt(text.length)]);
    return await readModel(new Blob([size, text, bytes.subarray(8 + length)]));
  };
  const alphabet = JSON.parse(header.__metadata__.alphabet);
  for (const wrong of [undefined, "[]", '["a"]', '["<unk>","a","a"]', '["<unk>",1]', "{"]) {
    await assertRejects(
      () => damaged((metadata) => wrong ? metadata.alphabet = wrong : delete metadata.alphabet),
      InputError,
      "its alphabet should be different letters after <unk>",
    );
  }
  await assertRejects(
    () => damaged((metadata) => metadata.alphabet = JSON.stringify(alphabet.slice(0, -1))),
    InputError,
    "letters.embedding.weight should be",
  );
  await assertRejects(
    () =>
      damaged((metadata) =>
        metadata.config = metadata.config.replace(/"letters":3/, '"letters":-1')
      ),
    InputError,
    "the letters' size",
  );
});

Deno.test("streams and inspection read letters like predict()", async () => {
  const backend = createCpuBackend({ dtype: "float64" });
  const model = tagger();
  await fit(backend, model, examples, { ...TRAINING, epochs: 2 });
  const text = `${examples[1].text} HADAt bbbs`;
  const [tags] = await predict(backend, model, [text]);
  {
    using predictor = createPredictor(backend, model);
    using stream = predictor.stream();
    for (const { word, label, probability, known } of tags) {
      const step = await stream.step(word);
      assertEquals([step.label, step.known], [label, known]);
      assertAlmostEquals(Math.max(...step.probabilities), probability, 1e-12);
    }
  }
  const { words, ids, probabilities } = await traceSteps(backend, model, text);
  assertEquals(words, text.split(" "));
  assertEquals(ids.map((id) => id > 0), tags.map(({ known }) => known));
  assertEquals(probabilities.map((p) => Math.max(...p)), tags.map((tag) => tag.probability));
  const { predictions } = await traceText(backend, model, text);
  assertEquals(predictions.map(({ label }) => label), tags.map(({ label }) => label));
  assertEquals((await traceWords(backend, model)).length, 8 * model.vocabulary.length);
  const trace = await traceGradients(backend, model, examples[0]);
  assertEquals(Object.keys(trace.weights).sort(), Object.keys(model.weights).sort());
  assert((await gradientNorms(backend, model, examples.slice(0, 3))).every((norm) => norm > 0));
  assertEquals(backend.live, 0);
});
