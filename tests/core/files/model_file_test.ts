import { createCpuBackend } from "@unroll/backend-cpu";
import { createModel, InputError, type Model, readModel, train, writeModel } from "@unroll/core";
import { assert, assertEquals, assertRejects } from "@std/assert";

const examples = [
  { text: "good Ünïcode 好", label: 'a "quoted" label' },
  { text: 'bad "crc32":"00000000" __proto__', label: "b\n" },
];

function small(): Model {
  return createModel(examples, { hidden: 3, init: "scaled" });
}

type Json = Record<string, unknown>;

/** Returns a model file with a changed header and no checksum. */
function altered(change: (header: Record<string, Json>) => void, cut = 0): Blob {
  const bytes = writeModel(small());
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  delete header.__metadata__.crc32;
  change(header);
  return file(JSON.stringify(header), bytes.subarray(8 + length, bytes.length - cut));
}

function file(header: string, data = new Uint8Array()): Blob {
  const bytes = new TextEncoder().encode(header);
  return new Blob([new BigUint64Array([BigInt(bytes.length)]), bytes, data]);
}

Deno.test("readModel() restores what writeModel() wrote", async () => {
  const model = small();
  assertEquals(await readModel(new Blob([writeModel(model)])), model);
});

Deno.test("readModel() restores float32 weights bit for bit", async () => {
  const model = small();
  await Array.fromAsync(train(createCpuBackend(), model, examples, { epochs: 3 }));
  assert(model.weights.Whh instanceof Float32Array);
  assertEquals(await readModel(new Blob([writeModel(model)])), model);
});

Deno.test("writeModel() uses PyTorch's names and shapes", async () => {
  const model = small();
  const bytes = writeModel(model);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  assertEquals(length % 8, 0);
  const header = JSON.parse(await new Blob([bytes]).slice(8, 8 + length).text());
  const shapes = Object.entries(header).filter(([name]) => name !== "__metadata__")
    .map(([name, entry]) => [name, (entry as Json).shape]);
  const words = model.vocabulary.length;
  assertEquals(Object.fromEntries(shapes), {
    "rnn.weight_ih_l0": [3, words],
    "rnn.weight_hh_l0": [3, 3],
    "rnn.bias_ih_l0": [3],
    "rnn.bias_hh_l0": [3],
    "head.weight": [2, 3],
    "head.bias": [2],
  });
  // The weight from word 1 to unit 2 is in row 2, column 1 in PyTorch, but row 1, column 2 here.
  const [start] = header["rnn.weight_ih_l0"].data_offsets;
  const there = new DataView(bytes.buffer, 8 + length + start).getFloat64(
    8 * (2 * words + 1),
    true,
  );
  assertEquals(there, model.weights.Wxh[1 * 3 + 2]);
});

Deno.test("readModel() adds PyTorch's second bias to the first", async () => {
  const model = small();
  const bytes = writeModel(model);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  delete header.__metadata__.crc32;
  const [start] = header["rnn.bias_hh_l0"].data_offsets;
  new Float64Array(bytes.buffer, 8 + length + start, 3).set([1, 2, 3]);
  const { weights } = await readModel(file(JSON.stringify(header), bytes.subarray(8 + length)));
  assertEquals([...weights.bh], [...model.weights.bh].map((b, i) => b + [1, 2, 3][i]));
});

Deno.test("readModel() refuses a file truncated at any byte", async () => {
  const bytes = writeModel(small());
  for (let end = 0; end < bytes.length; end++) {
    await assertRejects(
      () => readModel(new Blob([bytes.subarray(0, end)]), "m"),
      InputError,
      "m: ",
    );
  }
});

Deno.test("readModel() refuses a file with any byte changed", async () => {
  const bytes = writeModel(small());
  const name = new TextDecoder("latin1").decode(bytes).indexOf('"crc32":"') + 1;
  for (let at = 0; at < bytes.length; at++) {
    if (at >= name && at < name + 5) continue; // without this name there is no checksum
    const changed = bytes.slice();
    changed[at] ^= 1 << at % 8;
    await assertRejects(
      () => readModel(new Blob([changed]), "m"),
      InputError,
      "m: ",
      `byte ${at} changed`,
    );
  }
});

Deno.test("readModel() refuses a file with bytes added", async () => {
  const longer = new Blob([writeModel(small()), "x"]);
  await assertRejects(() => readModel(longer), InputError, "is damaged or truncated");
});

Deno.test("readModel() accepts a file without a checksum", async () => {
  assertEquals(await readModel(altered(() => {})), small());
});

const hostile: [string, Blob, string][] = [
  ["an empty file", new Blob([]), "is not a model: it has 0 bytes"],
  ["a text file", new Blob(["text,label\ngood,positive\n"]), "is not a model, or is truncated"],
  ["a file of zeros", new Blob([new Uint8Array(1000)]), "is not a model"],
  ["a header of 2^63 bytes", new Blob([new BigUint64Array([2n ** 63n]), "{}"]), "truncated"],
  ["a header that is not JSON", file("{"), "its header is not a JSON object"],
  ["a header that is a list", file("[]"), "its header is not a JSON object"],
  ["a header of deeply nested lists", file("[".repeat(1e6)), "its header is not a JSON object"],
  [
    "a header that is not UTF-8",
    new Blob([new BigUint64Array([2n]), Uint8Array.of(0x7b, 0xff)]),
    "JSON",
  ],
  ["no metadata", altered((h) => delete h.__metadata__), "not an Unroll model"],
  ["metadata that are not strings", altered((h) => h.__metadata__.config = 1), "its metadata"],
  [
    "another format without labels",
    altered((h) => {
      h.__metadata__.format = "pt";
      delete h.__metadata__.labels;
    }),
    "not an Unroll model: its metadata lack labels",
  ],
  ["another version", altered((h) => h.__metadata__.version = "2"), "has model file version 2"],
  ["a broken config", altered((h) => h.__metadata__.config = "{"), "its config should be"],
  [
    "another cell",
    altered((h) => h.__metadata__.config = '{"cell":"x","hidden":3}'),
    "must be one of rnn",
  ],
  ["no tokenizer", altered((h) => delete h.__metadata__.tokenizer), "its tokenizer should have"],
  [
    "a fold of a later version",
    altered((h) =>
      h.__metadata__.tokenizer = '{"lowerCase":true,"punctuation":"drop","fold":"all"}'
    ),
    'folds texts by an unknown rule, "all"; update Unroll',
  ],
  ["a vocabulary of numbers", altered((h) => h.__metadata__.vocabulary = "[1]"), "its vocabulary"],
  [
    "a repeated word",
    altered((h) => h.__metadata__.vocabulary = '["<unk>","a","a"]'),
    "vocabulary",
  ],
  ["one label", altered((h) => h.__metadata__.labels = '["a"]'), "its labels should be"],
  [
    "a huge hidden size",
    altered((h) => h.__metadata__.config = '{"cell":"rnn","hidden":1000000000}'),
    "should be [1000000000",
  ],
  ["another dtype", altered((h) => h["head.bias"].dtype = "F16"), 'damaged header at "head.bias"'],
  ["a negative size", altered((h) => h["head.bias"].shape = [-2]), 'damaged header at "head.bias"'],
  ["a huge shape", altered((h) => h["head.bias"].shape = [2 ** 52, 2 ** 52]), "damaged header"],
  [
    "a swapped shape",
    altered((h) => (h["head.weight"].shape as number[]).reverse()),
    "head.weight should be [2,3]",
  ],
  ["overlapping tensors", altered((h) => h["head.bias"].data_offsets = [0, 16]), "numbers at"],
  [
    "offsets past the end",
    altered((h) => h["head.bias"].data_offsets = [1e15, 1e15 + 16]),
    "numbers at",
  ],
  [
    "reversed offsets",
    altered((h) => (h["head.bias"].data_offsets as number[]).reverse()),
    "damaged header",
  ],
  [
    "an entry that is null",
    altered((h) => h["head.bias"] = null as unknown as Json),
    "damaged header",
  ],
  ["truncated data", altered(() => {}, 8), "is damaged or truncated"],
  [
    "a renamed tensor",
    altered((h) => {
      Object.assign(h, { constructor: h["head.bias"] });
      delete h["head.bias"];
    }),
    'a tensor "constructor" that does not belong in this rnn model',
  ],
];

for (const [what, source, message] of hostile) {
  Deno.test(`readModel() refuses ${what}`, async () => {
    await assertRejects(() => readModel(source, "m.safetensors"), InputError, message);
  });
}

Deno.test("readModel() refuses a weight that is not finite, and reports its name", async () => {
  const model = small();
  model.weights.bh[1] = NaN;
  await assertRejects(
    () => readModel(new Blob([writeModel(model)]), "m"),
    InputError,
    "m: is damaged: rnn.bias_ih_l0 has NaN at 1",
  );
});

Deno.test("readModel() reads no weights if the header is invalid", async () => {
  const bytes = new Uint8Array(await altered((h) => h.__metadata__.labels = "[]").arrayBuffer());
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const source = {
    size: bytes.length,
    slice(start: number, end: number) {
      assert(end <= 8 + length, "the weights were read");
      return new Blob([bytes.subarray(start, end)]);
    },
  };
  await assertRejects(() => readModel(source), InputError, "its labels should be");
});
