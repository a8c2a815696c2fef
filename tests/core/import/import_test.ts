// Weights saved in PyTorch are identified by their shapes, and predict the same as in PyTorch. The
// expected values are from tests/golden/make_imports.py.
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  CELL_NAMES,
  createModel,
  evaluate,
  InputError,
  type Model,
  opsOf,
  predict,
  readModel,
  writeModel,
} from "@unroll/core";
import { importModel, type ImportOptions, parseTokenList } from "@unroll/core/import";
import { uploadModel } from "#core/task.ts";
import { type TaskName, taskOf } from "#core/tasks.ts";
import golden from "#tests/golden/imports.json" with { type: "json" };

type Tensors = Record<string, { shape: number[]; data: number[] }>;

/** Encoders of values, by data type. */
const TYPES: Record<string, (data: number[]) => Uint8Array<ArrayBuffer>> = {
  F64: (data) => new Uint8Array(Float64Array.from(data).buffer),
  F32: (data) => new Uint8Array(Float32Array.from(data).buffer),
  F16: (data) => new Uint8Array(new Float16Array(data).buffer),
  BF16(data) {
    const bits = new Uint32Array(Float32Array.from(data).buffer);
    return new Uint8Array(Uint16Array.from(bits, (each) => each >>> 16).buffer);
  },
};

/** Returns a file as safetensors.torch.save_file() writes it. */
function saved(tensors: Tensors, dtype = "F32"): Blob {
  let end = 0;
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  const parts = Object.entries(tensors).map(([name, { shape, data }]) => {
    const bytes = TYPES[dtype](data);
    header[name] = { dtype, shape, data_offsets: [end, end += bytes.length] };
    return bytes;
  });
  const text = new TextEncoder().encode(JSON.stringify(header));
  return new Blob([new BigUint64Array([BigInt(text.length)]), text, ...parts]);
}

const lines = (words: string[]) => parseTokenList(words.join("\n") + "\n", "words.txt");
const LABELS: Partial<Record<string, string[]>> = {
  classification: ["x", "y", "z"],
  tagging: ["A", "B", "C"],
  "multi-label": ["1", "2", "3"],
  "series-classification": ["i", "j", "k"],
};

type Case = typeof golden.cases[number];

function optionsOf({ task, vocabulary, options, tensors }: Case): ImportOptions {
  const { targetVocabulary, ...own } = options as { targetVocabulary?: string[] };
  const isBinary = Object.values(tensors as unknown as Tensors).some(({ shape }) =>
    shape.length === 1 && shape[0] === 1
  );
  return {
    ...own,
    task: task as TaskName,
    ...(vocabulary.length > 0 ? { vocabulary: lines(vocabulary) } : {}),
    ...(targetVocabulary ? { targetVocabulary: lines(targetVocabulary) } : {}),
    labels: LABELS[task]?.slice(0, isBinary ? 2 : 3),
  };
}

const softmax = (row: number[]) => {
  const powers = row.map((y) => Math.exp(y - Math.max(...row)));
  return powers.map((p) => p / powers.reduce((a, b) => a + b));
};

/** Returns a model's outputs for a text, in the form of the golden file. */
async function outputsOf(model: Model, text: string, { vocabulary }: Case): Promise<number[]> {
  using backend = createCpuBackend({ dtype: "float64" });
  if (model.task === "translate") {
    const [source, label] = text.split("|");
    const { loss } = await evaluate(backend, model, [{ text: source, label }]);
    return [-loss * (label.length + 1)];
  }
  if (model.task === "regression") {
    const [{ value }] = await predict(backend, model, [text]);
    return [(value - model.scale.mean) / model.scale.deviation];
  }
  if (model.task === "multi-label") {
    const [{ probabilities }] = await predict(backend, model, [text]);
    return model.labels.map((label) => Math.log(probabilities[label] / (1 - probabilities[label])));
  }
  if (model.task === "series-classification" || model.task === "series-regression") {
    const rows = text.split(";").map((row) => row.split(",").map(Number));
    const values = [0, 1].map((c) => Float64Array.from(rows, (row) => row[c]));
    const series = { columns: ["x", "y"], values };
    if (model.task === "series-regression") {
      const [{ value }] = await predict(backend, model, [series]);
      return [(value - model.scale.mean) / model.scale.deviation];
    }
    const [{ probabilities }] = await predict(backend, model, [series]);
    return model.labels.map((label) => Math.log(probabilities[label]));
  }
  const { inspection } = taskOf(model), ops = opsOf(backend);
  const on = uploadModel(ops, taskOf(model), model);
  const { ids } = inspection!.read(model, text);
  const hasStart = (vocabulary as string[]).includes("<eos>");
  const read = model.task === "language-model" && !hasStart ? ids.slice(1) : ids;
  const [logits] = await ops.read([inspection!.logits!(on, read)]);
  const rows = Array.from(
    { length: read.length },
    (_, t) => [...logits.subarray(t * model.labels.length, (t + 1) * model.labels.length)],
  );
  if (model.task === "tagging") return rows.flatMap(softmax);
  if (model.task === "language-model") {
    if (hasStart) return rows.flat();
    assert(rows.every(([unknown]) => unknown === -1e4));
    return rows.flatMap((row) => row.slice(1));
  }
  const last = rows.at(-1)!;
  return model.labels.length === 2 ? [last[1] - last[0]] : last;
}

for (const [i, each] of golden.cases.entries()) {
  const name = `${each.task} (${i})`;
  Deno.test(`importModel() predicts like PyTorch: ${name}, in every data type`, async () => {
    for (const dtype of Object.keys(TYPES)) {
      const file = saved(each.tensors as unknown as Tensors, dtype);
      const { model } = await importModel(file, optionsOf(each));
      const opened = await readModel(new Blob([writeModel(model)]));
      for (const [k, text] of each.texts.entries()) {
        const given = await outputsOf(opened, text, each), expected = each.outputs[k];
        assertEquals(given.length, expected.length, `${name} ${text}`);
        for (const [j, value] of expected.entries()) {
          assertAlmostEquals(given[j], value, 1e-5, `${name} ${dtype} ${text} ${j}`);
        }
      }
    }
  });
}

const EXAMPLES = [{ text: "good day", label: "up" }, { text: "bad", label: "down" }];

/** Returns a model's file with renamed tensors and no metadata. */
function strange(bytes: Uint8Array<ArrayBuffer>, rename: (name: string) => string): Blob {
  const start = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const { __metadata__: _, ...header } = JSON.parse(
    new TextDecoder().decode(bytes.subarray(8, start)),
  );
  const renamed = Object.entries(header).map(([name, entry]) => [rename(name), entry]);
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(renamed)));
  return new Blob([new BigUint64Array([BigInt(text.length)]), text, bytes.slice(start)]);
}

Deno.test("importModel() recognizes every cell in every form, with any prefix of its names", async () => {
  for (const cell of CELL_NAMES) {
    for (const bidirectional of [false, true]) {
      for (const [layers, embedding] of [[1, 0], [2, 5]]) {
        const options = { cell, bidirectional, layers, embedding, hidden: 4, seed: 3 } as const;
        const model = createModel(EXAMPLES, { ...options, head: "mean", init: "scaled" });
        const file = strange(writeModel(model), (name) => `net.0.${name}`);
        const { vocabulary: words, labels, tokenizer } = model;
        const imported = await importModel(file, {
          vocabulary: lines(words),
          labels,
          head: "mean",
          tokenizer,
        });
        assertEquals(imported.model, model, JSON.stringify(options));
      }
    }
  }
});

const small = golden.cases[0];
const tensors = small.tensors as unknown as Tensors;
const options = optionsOf(small);

/** Returns the error message of an import with changed options or tensors. */
async function problemOf(
  changed: Partial<ImportOptions>,
  change: (tensors: Tensors) => void = () => {},
): Promise<string> {
  const own = structuredClone(tensors);
  change(own);
  const run = () => importModel(saved(own), { ...options, ...changed }, "net.safetensors");
  return (await assertRejects(run, InputError)).message;
}

Deno.test("importModel() reports what does not fit, with both shapes", async () => {
  const cases: [string, Parameters<typeof problemOf>][] = [
    [
      "has encoder.weight_ih_l0 [12,4] and encoder.weight_hh_l0 [12,3], which is a lstm of 3; a gru " +
      "of 3 would have encoder.weight_ih_l0 [9,4]",
      [{ cell: "gru" }],
    ],
    ["a lstm of 8 would have encoder.weight_ih_l0 [32,4]", [{ hidden: 8 }]],
    [
      "has no head.weight [4,6] or [4,12], the head for 4 labels on top of 2 layers of a " +
      "bidirectional lstm of 3; it has emb.weight [8,4], fc.weight [3,6]",
      [{ labels: ["a", "b", "c", "d"] }],
    ],
    [
      "has no embedding.weight [2,4], for 2 words and the 4 numbers that encoder.weight_ih_l0 [12,4] " +
      "reads; it has emb.weight [8,4]",
      [{ vocabulary: lines(["a", "b"]) }],
    ],
    [
      "has norm.weight [6] besides 2 layers of a bidirectional lstm of 3, its inputs and one linear " +
      "head, and a model has nothing else; if the predictions do not depend on them, give --ignore " +
      "norm.weight",
      [{}, (own) => own["norm.weight"] = { shape: [6], data: Array(6).fill(1) }],
    ],
    [
      "has encoder.bias_ih_l1 [11], but rnn.bias_ih_l1 should be [12]",
      [{}, (own) => {
        own["encoder.bias_ih_l1"] = { shape: [11], data: Array(11).fill(1) };
      }],
    ],
    [
      "has fc.weight [3,6], out.weight [3,6], and each could be head.weight, the head for 3 labels " +
      "on top of 2 layers of a bidirectional lstm of 3; give --tensor head.weight=fc.weight",
      [{}, (own) => {
        own["out.weight"] = own["fc.weight"];
        own["out.bias"] = own["fc.bias"];
      }],
    ],
    ["has Infinity in fc.bias at 1; weights must be finite", [{}, (own) => {
      own["fc.bias"].data[1] = Infinity;
    }]],
    ["has no recurrent layers", [{}, (own) => {
      for (const name of Object.keys(own)) if (name.startsWith("encoder")) delete own[name];
    }]],
    ["a projection of states (proj_size)", [{}, (own) => {
      own["encoder.weight_hr_l0"] = { shape: [2, 3], data: Array(6).fill(1) };
    }]],
    ['has no tensor "x" to ignore; it has emb.weight [8,4], ', [{ ignore: ["x"] }]],
  ];
  for (const [expected, given] of cases) {
    const message = await problemOf(...given);
    assert(message.startsWith("net.safetensors: ") && message.includes(expected), message);
  }
});

Deno.test("importModel() requires the options that weights do not determine, and refuses wrong ones", async () => {
  const cases: [Partial<ImportOptions>, string][] = [
    [{ labels: undefined }, "a model for classification needs its labels by id: give --labels"],
    [{ labels: ["a", "a"] }, "there must be two or more labels, all distinct, got 2"],
    [
      { head: "token", task: "classification" },
      "the head of a model for classification must be last or mean",
    ],
    [{ task: "translate", labels: undefined }, "give --target-vocabulary FILE"],
    [{ task: "regression" }, "a model for regression has no labels"],
    [
      { task: "forecast" },
      "cannot be imported: a forecaster depends on the scaling of its training data",
    ],
    [{ vocabulary: undefined }, "needs a vocabulary: give --vocabulary FILE"],
    [{ scale: { mean: 0, deviation: 1 } }, "has no scale of its numbers; omit --mean and --dev"],
    [{ start: "<s>" }, "a model for classification has no start token; omit --start"],
    [{ columns: ["x"] }, "a model for classification has no columns; omit --columns"],
    [{ task: "series-classification" }, "has no vocabulary; omit --vocabulary"],
    [{ unknown: "nobody" }, 'words.txt: has no "nobody", as given by --unknown'],
  ];
  for (const [changed, expected] of cases) {
    const message = await problemOf(changed);
    assert(message.includes(expected), message);
  }
});

Deno.test("importModel() accepts options for ambiguous shapes, and skips given tensors", async () => {
  const own = structuredClone(tensors);
  own["a.weight"] = own["fc.weight"];
  own["a.bias"] = { shape: [3], data: [9, 9, 9] };
  own["b.running_mean"] = own["a.bias"];
  own["b.running_var"] = own["a.bias"];
  const { model } = await importModel(saved(own), {
    ...options,
    tensors: { "head.weight": "fc.weight" },
    ignore: ["b", "a"],
  });
  const plain = await importModel(saved(tensors), options);
  assertEquals(model, plain.model);
});

Deno.test("importModel() explains how to convert a file of torch.save()", async () => {
  for (const bytes of [[0x50, 0x4b, 3, 4], [0x80, 2, 0x8a, 10]]) {
    const pickled = new Blob([new Uint8Array([...bytes, ...Array(20).fill(0)])]);
    await assertRejects(
      () => importModel(pickled, options, "net.pt"),
      InputError,
      "net.pt: was written by torch.save(), and loading it can run arbitrary code; save it in " +
        "Python: from safetensors.torch import save_file; " +
        'save_file(torch.load("net.pt", weights_only=True), "weights.safetensors")',
    );
  }
  const own = new Blob([writeModel(createModel(EXAMPLES))]);
  await assertRejects(
    () => importModel(own, options, "m"),
    InputError,
    "m: is already an Unroll model",
  );
  await assertRejects(
    () => importModel(new Blob(["short"]), options, "m"),
    InputError,
    "save_file",
  );
});

Deno.test("importModel() reports its assumptions", async () => {
  const notes = (await importModel(saved(tensors), { ...options, labels: ["x", "y", "z"] })).notes;
  assertEquals(notes, [
    "the head is assumed to read the last state, as the shapes leave it open; for pooling over time " +
    "give --head mean or --head max",
    "texts are read in lower case, split at word boundaries; punctuation is dropped",
  ]);
});

Deno.test("importModel() escapes and shortens quotes from a file", async () => {
  const evil = `\u001b]0;EVIL\u0007\u009b31m${"x".repeat(5000)}`;
  const changes: ((own: Tensors) => void)[] = [
    (own) => own[`${evil}.weight`] = own["fc.weight"],
    (own) => own[`${evil}.weight_ih_l0`] = own["encoder.weight_ih_l0"],
    (own) => own[`${evil}.transitions`] = own["fc.weight"],
  ];
  for (const change of changes) {
    const message = await problemOf({}, change);
    assertEquals(/\p{Cc}/u.test(message), false, JSON.stringify(message));
    assert(message.length < 900, message);
  }
});

Deno.test("importModel() reports which label a single logit is for", async () => {
  const each = golden.cases[2];
  const { notes } = await importModel(saved(each.tensors as unknown as Tensors), optionsOf(each));
  assert(
    notes.includes('the head\'s one output is the log-odds of "y"; it becomes two outputs'),
    `${notes}`,
  );
});

Deno.test("importModel() reads cells without layers, like torch.nn.LSTMCell, as one layer", async () => {
  const own = Object.fromEntries(
    Object.entries(golden.cases[1].tensors as unknown as Tensors)
      .map(([name, tensor]) => [name.replace("_l0", ""), tensor]),
  );
  const { model } = await importModel(saved(own), optionsOf(golden.cases[1]));
  const whole = saved(golden.cases[1].tensors as unknown as Tensors);
  assertEquals(model, (await importModel(whole, optionsOf(golden.cases[1]))).model);
});

Deno.test("importModel() reads damaged files or throws an InputError", async () => {
  const bytes = new Uint8Array(await saved(tensors).arrayBuffer());
  let random = 1;
  const next = (below: number) => (random = random * 48271 % 2147483647) % below;
  const header = Number(new DataView(bytes.buffer).getBigUint64(0, true)) + 8;
  for (let i = 0; i < 400; i++) {
    const damaged = bytes.slice(0, i % 10 === 0 ? next(bytes.length) : bytes.length);
    for (let k = 0; k <= i % 3 && damaged.length > 0; k++) {
      damaged[next(Math.min(header, damaged.length))] = next(256);
    }
    try {
      await importModel(new Blob([damaged]), options);
    } catch (error) {
      assert(error instanceof InputError, `${i}: ${error}`);
    }
  }
});

Deno.test("importModel() reads columns instead of words for models of series", async () => {
  const each = golden.cases.find(({ task }) => task === "series-classification")!;
  const file = saved(each.tensors as unknown as Tensors), given = optionsOf(each);
  const { notes } = await importModel(file, given);
  assertEquals(notes.at(-1), 'columns are read as ("x" - 1) / 2; ("y" - -2) / 0.5');
  const cases: [Partial<ImportOptions>, string][] = [
    [{ columns: undefined }, "needs the names of its columns: give --columns x,y"],
    [{ columns: ["x", "x"] }, "the columns must have distinct names, got x,x (--columns)"],
    [{ columns: ["x"] }, "there are 2 means for 1 columns; give one for each (--means)"],
    [
      { columns: ["x"], columnScale: undefined },
      "has rnn.weight_ih_l0 [9,2], which reads 2 numbers " +
      "per time step; name one column for each, got 1 (--columns)",
    ],
    [{ columnScale: { means: [0, 0], deviations: [1, 0] } }, "a deviation must be above 0, got 0"],
  ];
  for (const [changed, expected] of cases) {
    const run = () => importModel(file, { ...given, ...changed }, "net");
    const { message } = await assertRejects(run, InputError);
    assert(message.includes(expected), message);
  }
});
