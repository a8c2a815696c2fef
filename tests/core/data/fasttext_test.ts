import { InputError, inspectData, parseExamples } from "@unroll/core";
import { assertEquals, assertThrows } from "@std/assert";
import { fastTextReader } from "../../../packages/core/data/fasttext.ts";
import { reported, valuesOf } from "./chunks.ts";

const LABELS = [{ name: "text", role: "text" }, { name: "label", role: "label" }];

Deno.test("lines of fastText are read, at any chunk boundary", () => {
  const content = "__label__good so  good\r\n\r\nnot my thing\t__label__bad\n__label__5 ok , fine";
  assertEquals(valuesOf(() => fastTextReader("f", LABELS), content, ["text", "label"]), [
    ["so  good", "good", 1],
    ["not my thing", "bad", 3],
    ["ok , fine", "5", 4],
  ]);
});

Deno.test("a line of fastText without a label or with several is reported, and the rest is read", () => {
  const content = "__label__a x\nno label\n__label__a __label__b y\n__label__b z\n";
  const { texts, errors } = reported((report) => fastTextReader("f", LABELS, report), content);
  assertEquals(texts, ["x", "z"]);
  assertEquals(errors, [
    "f:2: no label; begin the line with one, such as __label__good",
    'f:3: 2 labels, "a", "b"; a text has one label',
  ]);
  assertThrows(() => parseExamples(content, { format: "fasttext" }), InputError, "data:2: no lab");
  const { format, problems } = inspectData(content);
  assertEquals([format, problems.map(({ line }) => line)], ["fasttext", [2, 3]]);
});

Deno.test("fastText can have another prefix, but no empty label and no other columns", () => {
  const open = () => fastTextReader("f", LABELS, undefined, "#");
  assertEquals(valuesOf(open, "#up good\n", ["text", "label"]), [["good", "up", 1]]);
  const read = (content: string, labelColumn?: string) =>
    parseExamples(content, { format: "fasttext", labelColumn });
  assertThrows(() => read("__label__ x"), InputError, 'data:1: "label" is empty');
  assertThrows(() => read("__label__a x", "stars"), InputError, 'no column "stars"');
});
