import {
  type ClassificationModel,
  createModel,
  InputError,
  readModel,
  writeModel,
} from "@unroll/core";
import { assertEquals, assertRejects } from "@std/assert";

const examples = [{ text: "good day", label: "up" }, { text: "bad", label: "down" }];

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: number[];
}

interface Header {
  __metadata__: Record<string, string>;
  [tensor: string]: Entry | Record<string, string>;
}

function small(): ClassificationModel {
  return createModel(examples, { cell: "gru", hidden: 3, embedding: 2, init: "scaled" });
}

/** Splits a file into its header and its data. */
function parts(bytes: Uint8Array<ArrayBuffer>): [Header, Uint8Array<ArrayBuffer>] {
  const end = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  return [JSON.parse(new TextDecoder().decode(bytes.subarray(8, end))), bytes.slice(end)];
}

function file(header: Header, numbers: BufferSource): Blob {
  const text = new TextEncoder().encode(JSON.stringify(header));
  return new Blob([new BigUint64Array([BigInt(text.length)]), text, numbers as BlobPart]);
}

/** Returns the small model as another tool might write it, with renamed tensors. */
function rewritten(
  change: (metadata: Record<string, string>) => void,
  rename = (name: string) => name,
): Blob {
  const [{ __metadata__, ...entries }, numbers] = parts(writeModel(small()));
  delete __metadata__.crc32;
  change(__metadata__);
  const renamed = Object.entries(entries).map(([name, entry]) => [rename(name), entry]);
  return file({ __metadata__, ...Object.fromEntries(renamed) }, numbers);
}

/** Returns the small model with two-byte values, and its old checksum. */
function halved(dtype: string, bits: number[]): Blob {
  const [header] = parts(writeModel(small()));
  let count = 0;
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const { shape } = entry as Entry;
    const size = shape.reduce((product, n) => product * n);
    header[name] = { dtype, shape, data_offsets: [2 * count, 2 * (count + size)] };
    count += size;
  }
  return file(header, Uint16Array.from({ length: count }, (_, i) => bits[i % bits.length]));
}

// The values of these bits in IEEE 754 half precision and bfloat16.
const HALVES: Record<string, [bits: number, value: number][]> = {
  F16: [
    [0x3c00, 1],
    [0xc000, -2],
    [0x3555, 0.333251953125],
    [0x7bff, 65504],
    [0x0400, 2 ** -14],
    [0x0001, 2 ** -24],
    [0x83ff, -1023 * 2 ** -24],
    [0x0000, 0],
  ],
  BF16: [[0x3f80, 1], [0xc000, -2], [0x3eaa, 0.33203125], [0x7180, 2 ** 100], [
    0x8001,
    -(2 ** -133),
  ]],
};

for (const [dtype, numbers] of Object.entries(HALVES)) {
  Deno.test(`readModel() widens ${dtype} to float32`, async () => {
    const { weights } = await readModel(halved(dtype, numbers.map(([bits]) => bits)));
    // The embedding is the file's first tensor, and has the same layout there as here.
    const expected = Float32Array.from(weights.embedding, (_, i) => numbers[i % numbers.length][1]);
    assertEquals(weights.embedding, expected);
  });
}

Deno.test("readModel() refuses half-precision values that are not finite", async () => {
  for (const [dtype, bits] of [["F16", 0x7c00], ["F16", 0xfe00], ["BF16", 0x7f80]] as const) {
    const why = "m: is damaged: embedding.weight has ";
    await assertRejects(() => readModel(halved(dtype, [bits]), "m"), InputError, why);
  }
});

Deno.test("readModel() refuses a tensor of integers or of an unknown type, and reports its name", async () => {
  const named = { I64: "integers", U8: "integers", BOOL: "booleans", F8_E4M3: "values" };
  for (const [dtype, kind] of Object.entries(named)) {
    const [header, numbers] = parts(writeModel(small()));
    const width = dtype === "I64" ? 8 : 1;
    const last = header["head.bias"] as Entry;
    const [start] = last.data_offsets;
    Object.assign(last, { dtype, data_offsets: [start, start + 2 * width] });
    await assertRejects(
      () => readModel(file(header, numbers.slice(0, start + 2 * width)), "m"),
      InputError,
      `m: has ${kind} of type "${dtype}" in head.bias where a model has floating-point ` +
        "numbers; convert them to one of F64, F32, F16, BF16",
    );
  }
});

Deno.test("readModel() reads a file whose metadata have other entries", async () => {
  const source = rewritten((metadata) => {
    metadata.format = "pt";
    metadata.author = "somebody";
    delete metadata.version;
  });
  assertEquals(await readModel(source), small());
});

Deno.test("readModel() reports missing metadata", async () => {
  const [{ __metadata__: _, ...entries }, numbers] = parts(writeModel(small()));
  for (const metadata of [{ format: "pt" }, {} as Record<string, string>]) {
    await assertRejects(
      () => readModel(file({ __metadata__: metadata, ...entries }, numbers), "m"),
      InputError,
      "m: is a .safetensors file, but not an Unroll model: its metadata lack config, vocabulary, " +
        "labels; a tool that rewrites a model must keep its metadata",
    );
  }
  await assertRejects(
    () => readModel(rewritten((metadata) => delete metadata.labels), "m"),
    InputError,
    "m: is damaged: its labels should be two or more different labels, but is missing",
  );
});

Deno.test("readModel() removes PyTorch's wrapper prefixes only if all names have them", async () => {
  for (
    const wrapper of [
      "module.",
      "_orig_mod.",
      "module._orig_mod.",
      "_orig_mod.module.",
      "model.",
      "net.module.",
    ]
  ) {
    const source = rewritten(() => {}, (name) => wrapper + name);
    assertEquals(await readModel(source), small());
    const stale = rewritten((metadata) => metadata.crc32 = "12345678", (name) => wrapper + name);
    assertEquals(await readModel(stale), small());
  }
  const some = rewritten(() => {}, (name) => name === "head.bias" ? `module.${name}` : name);
  await assertRejects(
    () => readModel(some),
    InputError,
    'a tensor "module.head.bias" that does not',
  );
});

Deno.test("readModel() reads a model with the explicit task classification", async () => {
  const source = rewritten((metadata) => metadata.task = "classification");
  assertEquals(await readModel(source), small());
});

Deno.test("readModel() escapes and shortens quotes from a file", async () => {
  const evil = "\u001b]0;EVIL\u0007\u009b31m" + "x".repeat(5000);
  const sources = [
    rewritten((metadata) => metadata.version = evil),
    rewritten((metadata) => metadata.task = evil),
    rewritten((metadata) => metadata.config = JSON.stringify({ cell: evil, hidden: 3 })),
    rewritten((metadata) => {
      metadata.config = JSON.stringify({ cell: "gru", hidden: 3, head: { toString: 1 } });
    }),
    rewritten(() => {}, (name) => name === "head.bias" ? evil : name),
    halved(evil, [1]),
  ];
  for (const source of sources) {
    const error = await assertRejects(() => readModel(source, "m"), InputError);
    assertEquals(/\p{Cc}/u.test(error.message), false, JSON.stringify(error.message));
    assertEquals(error.message.length < 400, true, error.message);
  }
});

Deno.test("readModel() refuses two biases whose sum is not finite", async () => {
  const model = small();
  for (const [name, data] of Object.entries(model.weights)) {
    model.weights[name] = new Float32Array(data);
  }
  model.weights.bh.fill(3e38);
  const [header, numbers] = parts(writeModel(model));
  delete header.__metadata__.crc32;
  const [start, end] = (header["rnn.bias_hh_l0"] as Entry).data_offsets;
  new Float32Array(numbers.buffer, start, (end - start) / 4).fill(3e38);
  await assertRejects(
    () => readModel(file(header, numbers), "m"),
    InputError,
    "m: is damaged: bh has Infinity at 0",
  );
});
