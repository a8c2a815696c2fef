import { createModel, InputError, readModel, writeModel } from "@unroll/core";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";

const examples = [{ text: "good 好 \u{1f600} é", label: "u\bp" }, { text: "bad", label: "d/own" }];
const model = createModel(examples, { hidden: 2 });
const bytes = writeModel(model);
const end = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
const header = new TextDecoder().decode(bytes.subarray(8, end)).trimEnd()
  .replace(/,"crc32":"\w{8}"/, "");

/** Returns the model's file with another header. */
function file(header: string): Blob {
  const text = new TextEncoder().encode(header);
  return new Blob([new BigUint64Array([BigInt(text.length)]), text, bytes.subarray(end)]);
}

const replaced = (from: string, to: string) => {
  const changed = header.replace(from, () => to);
  if (changed === header) throw new Error(`no ${from}`);
  return file(changed);
};

Deno.test("readModel() reads a header with whitespace and escapes anywhere JSON allows them", async () => {
  const spaced = JSON.stringify(JSON.parse(header), undefined, "\t").replaceAll("\n", "\r\n ");
  assertEquals(await readModel(file(`${spaced} \n`)), model);
  const escaped = header.replaceAll(
    /[^\x20-\x7e]|[a-z]/gu,
    (character) =>
      Array.from({ length: character.length }, (_, i) => {
        return `\\u${character.charCodeAt(i).toString(16).padStart(4, "0").toUpperCase()}`;
      }).join(""),
  ).replaceAll("/", "\\/");
  assertEquals(await readModel(file(escaped)), model);
});

const refused: Record<string, [Blob, string]> = {
  "a repeated tensor": [replaced('"head.weight":', '"head.bias":'), '"head.bias" is in it twice'],
  "a repeated tensor, once escaped": [
    replaced('"head.weight":', '"head\\u002ebias":'),
    '"head.bias" is in it twice',
  ],
  "repeated metadata": [
    replaced("{", '{"__metadata__":{},'),
    'a damaged header: "__metadata__" is in it twice',
  ],
  "a repeated metadata entry": [
    replaced('"version":', '"format":"unroll","version":'),
    '"format" is in it twice',
  ],
  "a repeated key of a tensor": [
    replaced('"dtype":"F64"', '"dtype":"F32","dtype":"F64"'),
    '"dtype" is in it twice',
  ],
  "an unknown key of a tensor": [replaced('"dtype":', '"note":[],"dtype":'), "a damaged header at"],
  "a tensor without a shape": [replaced('"shape":[2,2],', ""), "a damaged header at"],
  "three offsets": [replaced('"data_offsets":[', '"data_offsets":[0,'), "a damaged header at"],
  "a number with a fraction": [replaced('"shape":[2,', '"shape":[2.0,'), "a damaged header at"],
  "a number with a leading zero": [
    replaced('"shape":[2,', '"shape":[02,'),
    "a damaged header at",
  ],
  "a size beyond exact integers": [
    replaced('"shape":[2,', '"shape":[9007199254740993,'),
    "a damaged header at",
  ],
  "a trailing comma": [file(header.replace(/}$/, ",}")), "is not a JSON object"],
  "content after its end": [file(`${header}{}`), "is not a JSON object"],
  "a lone surrogate in a name": [
    replaced('"head.bias"', '"\\ud83d"'),
    "its header is not a JSON object",
  ],
  "an unknown escape": [replaced('"head.bias"', '"\\x"'), "is not a JSON object"],
  "a line break in a string": [replaced('"head.bias"', '"head\nbias"'), "is not a JSON object"],
  "a tensor named __proto__": [
    replaced('"head.bias"', '"__proto__"'),
    'has a tensor "__proto__" that does not belong in this rnn model',
  ],
};

for (const [what, [source, why]] of Object.entries(refused)) {
  Deno.test(`readModel() refuses a header with ${what}`, async () => {
    await assertRejects(() => readModel(source, "m"), InputError, why);
  });
}

// JSON.parse would build each of these at many times its size before it could be refused.
const repeated = (text: string, times = 50_000) => Array(times).fill(text).join(",");
const numbered = (text: (i: number) => string, times = 10_002) =>
  Array.from({ length: times }, (_, i) => text(i)).join(",");
const large: Record<string, [Blob, string]> = {
  "thousands of empty lists": [file(`{"a":[${repeated("[]")}]}`), 'a damaged header at "a"'],
  "a tensor of thousands of dimensions": [
    replaced('"shape":[', `"shape":[${repeated("1")},`),
    "a damaged header at",
  ],
  "thousands of tensors": [
    file(`{${numbered((i) => `"t${i}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`)}}`),
    "more than 10001 names in one object",
  ],
  "thousands of metadata entries": [
    file(`{"__metadata__":{${numbered((i) => `"k${i}":""`)}}}`),
    "more than 10000 names in one object",
  ],
  "a name of a megabyte": [file(`{"${"é".repeat(500_000)}":{}}`), "1000000 bytes in one string"],
  "a configuration of a megabyte": [
    replaced('"config":"', `"config":"${"[".repeat(1e6)}`),
    "1000157 bytes in one string",
  ],
  "more words than bytes of weights": [
    replaced('"vocabulary":"[', `"vocabulary":"[${numbered((i) => `\\"w${i}\\"`)},`),
    "its vocabulary should be different words",
  ],
};

for (const [what, [source, why]] of Object.entries(large)) {
  Deno.test(`readModel() refuses a header of ${what}`, async () => {
    await assertRejects(() => readModel(source, "m"), InputError, why);
  });
}

Deno.test("readModel() reads a vocabulary of 100,000 words", async () => {
  const text = Array.from({ length: 100_000 }, (_, i) => `word${i}`).join(" ");
  const large = createModel([{ text, label: "a" }, { text: "b", label: "b" }], {
    hidden: 1,
    embedding: 1,
  });
  const { vocabulary } = await readModel(new Blob([writeModel(large)]));
  assertEquals(vocabulary, large.vocabulary);
});

Deno.test("writeModel() refuses labels that readModel() would not read", () => {
  const long = { ...model, labels: ["a".repeat(2 ** 25), "b"] };
  assertThrows(() => writeModel(long), InputError, "train with fewer or shorter words");
});
