import {
  createLanguageModel,
  createTranslationModel,
  InputError,
  type Model,
  readModel,
  writeModel,
} from "@unroll/core";
import { assert, assertEquals, assertRejects } from "@std/assert";

const examples = [
  { text: "né 好\n", label: 'a "quoted" label' },
  { text: "bad 👨‍👩‍👧", label: "b\n" },
];

const models: Record<string, () => Model> = {
  "a language model": () => createLanguageModel(examples, { hidden: 3 }),
  "a language model from labels": () =>
    createLanguageModel(examples, { hidden: 2, layers: 2, fromLabel: true, unit: "graphemes" }),
  "a language model without end symbols": () =>
    createLanguageModel(examples, { cell: "gru", hidden: 2, ends: false, unit: "words" }),
  "a translation model": () =>
    createTranslationModel(examples, { hidden: 3, embedding: 2, bidirectional: true }),
  "a translation model without attention": () =>
    createTranslationModel(examples, {
      cell: "lstm",
      hidden: 2,
      layers: 2,
      embedding: 0,
      attention: "none",
      unit: "words",
    }),
};

type Metadata = Record<string, string | undefined>;

/** Returns a model file with changed metadata and no checksum. */
function altered(model: Model, change: (metadata: Metadata) => void): Blob {
  const bytes = writeModel(model);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  delete header.__metadata__.crc32;
  change(header.__metadata__);
  const text = new TextEncoder().encode(JSON.stringify(header));
  return new Blob([new BigUint64Array([BigInt(text.length)]), text, bytes.subarray(8 + length)]);
}

const edited = (text: string | undefined, change: (list: string[]) => string[]) =>
  JSON.stringify(change(JSON.parse(text!)));

for (const [name, create] of Object.entries(models)) {
  Deno.test(`readModel() restores ${name}`, async () => {
    const model = create();
    assertEquals(await readModel(new Blob([writeModel(model)])), model);
    assertEquals(await readModel(altered(model, () => {})), model);
  });

  Deno.test(`readModel() refuses ${name} that is truncated or changed`, async () => {
    const bytes = writeModel(create());
    for (let end = 0; end < bytes.length; end += 17) {
      await assertRejects(() => readModel(new Blob([bytes.subarray(0, end)])), InputError);
    }
    const checksum = new TextDecoder("latin1").decode(bytes).indexOf('"crc32":"') + 1;
    for (let at = 0; at < bytes.length; at += 31) {
      if (at >= checksum && at < checksum + 5) continue; // without its name there is no checksum
      const changed = bytes.slice();
      changed[at] ^= 1 << at % 8;
      await assertRejects(() => readModel(new Blob([changed])), InputError);
    }
  });

  Deno.test(`readModel() refuses ${name} of an unknown task or unit`, async () => {
    const refused = (change: (metadata: Metadata) => void, why: string) =>
      assertRejects(() => readModel(altered(create(), change), "m"), InputError, why);
    await refused(
      (metadata) => metadata.task = "sing",
      'm: is for the task "sing", which is not known; update Unroll',
    );
    for (const unit of ["syllables", undefined]) {
      await refused(
        (metadata) => metadata.unit = unit,
        "m: is damaged: its unit should be characters or graphemes or words",
      );
    }
    for (const part of ["vocabulary", "labels"]) {
      await refused(
        (metadata) => metadata[part] = edited(metadata[part], ([, ...rest]) => rest),
        `m: is damaged: its `,
      );
    }
    await refused((metadata) => {
      metadata.config = JSON.stringify({ ...JSON.parse(metadata.config!), head: "last" });
    }, "m: is damaged: its head should be token");
  });
}

const { "a language model": languageModel, "a translation model": translator } = models;

Deno.test("readModel() refuses a language model whose labels are not its symbols", async () => {
  const why = "m: is damaged: its labels should be its symbols up to <start or end>";
  const changes: ((list: string[]) => string[])[] = [
    ([a, b, c, ...rest]) => [a, c, b, ...rest],
    (labels) => labels.slice(0, 3),
    (labels) => [...labels, "more"],
    (labels) => labels.map((label) => label === "<start or end>" ? "other" : label),
  ];
  for (const change of changes) {
    const file = altered(languageModel(), (metadata) => {
      metadata.labels = edited(metadata.labels, change);
    });
    await assertRejects(() => readModel(file, "m"), InputError, why);
  }
  const file = altered(languageModel(), (metadata) => {
    metadata.vocabulary = edited(metadata.vocabulary, (list) => list.slice(0, -1));
  });
  await assertRejects(() => readModel(file, "m"), InputError, why);
  const both = altered(languageModel(), (metadata) => {
    metadata.config = JSON.stringify({ ...JSON.parse(metadata.config!), bidirectional: true });
  });
  await assertRejects(
    () => readModel(both, "m"),
    InputError,
    "m: is damaged: a language model cannot be bidirectional",
  );
});

Deno.test("readModel() refuses a translation model without its attention or its end symbol", async () => {
  for (const attention of [undefined, "some"]) {
    const file = altered(translator(), (metadata) => metadata.attention = attention);
    await assertRejects(
      () => readModel(file, "m"),
      InputError,
      "m: is damaged: its attention should be dot or none",
    );
  }
  const none = altered(translator(), (metadata) => metadata.attention = "none");
  await assertRejects(
    () => readModel(none, "m"),
    InputError,
    'm: has a tensor "attention.weight" that does not belong in this gru model',
  );
  const dot = altered(
    models["a translation model without attention"](),
    (metadata) => metadata.attention = "dot",
  );
  await assertRejects(
    () => readModel(dot, "m"),
    InputError,
    "m: is damaged: it has no tensor attention.weight",
  );
  const endless = altered(translator(), (metadata) => {
    metadata.labels = edited(metadata.labels, (list) => [...list.slice(0, -1), "last"]);
  });
  await assertRejects(
    () => readModel(endless, "m"),
    InputError,
    "m: is damaged: its labels should be symbols between <unk> and <start or end>",
  );
});

Deno.test("readModel() refuses a model whose task is missing or wrong", async () => {
  for (const create of Object.values(models)) {
    const { task } = create();
    const other = task === "translate" ? "language-model" : "translate";
    const file = altered(create(), (metadata) => {
      metadata.task = other;
      metadata.attention ??= "dot";
    });
    await assertRejects(() => readModel(file), InputError);
    assert(task !== undefined);
    if (task !== "translate") continue;
    const none = altered(create(), (metadata) => metadata.task = undefined);
    await assertRejects(() => readModel(none), InputError, "that does not belong");
  }
});
