import { assertEquals, assertThrows } from "@std/assert";
import {
  buildDataset,
  type ClassificationModel,
  createModel,
  createMultiLabelClassifier,
  createRegressor,
  dataWarnings,
  evaluate,
  InputError,
  letterTokenizer,
  predict,
  readModel,
  recommend,
  recommendReading,
  type Sequence,
  splitUsable,
  train,
  truncationWarning,
  unknownWarning,
  writeModel,
} from "@unroll/core";
import type { Example } from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";

const tokenizer = letterTokenizer("characters");
const NAMES = ["Anna", "Otto", "Ada B", "Bo"].flatMap((name) =>
  ["a", "o"].map((end) => ({ text: `${name}${end}`, label: end === "a" ? "1" : "2" }))
);
const NETWORK = { tokenizer, hidden: 3, embedding: 2, head: "max", bidirectional: true } as const;
type Create = (examples: Sequence<Example>, options: typeof NETWORK) => ClassificationModel;
const CREATE = { createModel, createRegressor, createMultiLabelClassifier } as unknown as Record<
  string,
  Create
>;

async function trained(model: ClassificationModel, examples: Sequence<Example>) {
  const backend = createCpuBackend({ dtype: "float64" });
  for await (const _ of train(backend, model, examples, { epochs: 2, batchSize: 4 })) { /* on */ }
  return model;
}

for (const [name, create] of Object.entries(CREATE)) {
  Deno.test(`${name}() reads characters the same from a list, a dataset and its model file`, async () => {
    const model = create(NAMES, NETWORK);
    assertEquals(model.vocabulary, ["<unk>", " ", ..."ABOadnot"]);
    const builder = buildDataset(model);
    for (const example of NAMES) assertEquals(builder.add(example), undefined);
    const packed = builder.build();
    const [one, other] = [
      await trained(model, NAMES),
      await trained(create(packed, NETWORK), packed),
    ];
    assertEquals(one.weights, other.weights);
    const file = await readModel(new Blob([writeModel(one)])) as ClassificationModel;
    assertEquals(file, one);
    const backend = createCpuBackend({ dtype: "float64" });
    const [found] = await predict(backend, file, ["Adz  Bö"]);
    assertEquals([found.words, found.unknownWords], [5, ["z", "ö"]]);
    const { unknownTexts } = await evaluate(backend, file, [
      { text: "xyz XYZ", label: "1" },
      { text: "A", label: "2" },
    ]);
    assertEquals(unknownTexts, 1);
  });
}

Deno.test("a blank text has no characters, so it is unusable", () => {
  const reading = { task: "classification", tokenizer };
  const { usable, unusable } = splitUsable(reading, [{ text: " \n" }, { text: "!" }]);
  assertEquals([usable.length, unusable[0].problem], [
    1,
    'the text " \\n" has no characters; remove it',
  ]);
});

Deno.test("warnings for character models count characters", () => {
  const examples = [{ text: "Smith" }, { text: "Bo" }];
  const limited = { tokenizer: { ...tokenizer, maxLength: 3 } };
  assertEquals(
    truncationWarning(limited, examples)?.message,
    "1 of 2 texts has more than 3 characters; its last characters are cut off",
  );
  const warning = unknownWarning([{ text: "Bob" }], (text) => [...text], (c) => c === "B");
  assertEquals(
    warning?.message.startsWith('66.7% of the text is unknown to the model, such as "o"'),
    true,
  );
  assertEquals(dataWarnings(NAMES), []);
});

Deno.test("a tokenizer with an unknown split is refused", () => {
  const wrong = { ...tokenizer, split: "letters" } as unknown as typeof tokenizer;
  assertThrows(() => createModel(NAMES, { tokenizer: wrong }), InputError, "split");
});

const word = (i: number) => i.toString(3).replaceAll("0", "a").replaceAll("1", "be");

Deno.test("recommendReading() recommends characters for many short texts of rare words", () => {
  const names = Array.from({ length: 200 }, (_, i) => word(i * i));
  assertEquals(recommendReading(names).unit, "characters");
  assertEquals(recommendReading(names.slice(0, 50)).unit, "words"); // too few to decide
  assertEquals(recommendReading(names.map((name) => `${name} is a name`)), {
    unit: "words",
    unknown: recommendReading(names).unknown / 4,
    words: 4,
  });
  assertEquals(recommendReading(names.map((name) => name.repeat(100))).unit, "words"); // too long
  assertEquals(recommendReading([]), { unit: "words", unknown: 0, words: 0 });
});

Deno.test("recommend() recommends other networks for characters", () => {
  const some = new Array(1000).fill(NAMES[0]);
  assertEquals(recommend(some, "characters").network.dropout !== 0.5, true);
  assertEquals(recommend(some, "words"), recommend(some));
});

Deno.test("recommendations for long texts are truncation, a minimum count and small batches", () => {
  const article = "it was so ".repeat(700);
  assertEquals(recommendReading([article, article, "it was"]).maxLength, 1000);
  assertEquals(recommendReading(["it was", "so", article]).maxLength, undefined);
  const some = new Array(300).fill({ text: article, label: "a" });
  const { network, training } = recommend(some);
  assertEquals([network.minCount, training.batchSize], [5, 8]);
  assertEquals(recommend(some.slice(0, 50)).network.minCount, undefined);
});
