import { InputError, inspectData, parseExamples } from "@unroll/core";
import { assertEquals, assertThrows } from "@std/assert";
import { conllReader, conlluReader } from "../../../packages/core/data/conll.ts";
import { createTagger } from "../../../packages/core/tagging/model.ts";
import { tokenize } from "../../../packages/core/text/tokenizer.ts";
import { reported, valuesOf } from "./chunks.ts";

const LABELS = [{ name: "text", role: "text" }, { name: "label", role: "label" }];
const KEYS = ["text", "label"];

Deno.test("CoNLL 2003: spaces or tabs, LF or CRLF, at any chunk boundary", () => {
  const content = "-DOCSTART- -X- -X- O\n\n# id = 1\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O \n\n\n" +
    "Anna NNP B-NP B-PER";
  const rows = [["EU rejects", "B-ORG O", 4], ["Anna", "B-PER", 8]];
  const open = () => conllReader("f", LABELS);
  assertEquals(valuesOf(open, content, KEYS), rows);
  assertEquals(valuesOf(open, content.replace(/\n/g, "\r\n"), KEYS), rows);
  assertEquals(valuesOf(open, content.replace(/\n/g, "\r"), KEYS), rows);
  assertEquals(valuesOf(open, content.replace(/O $/m, "O").replace(/ /g, "\t"), KEYS), rows);
});

Deno.test("CoNLL: a word that starts with # is not a comment", () => {
  const content = "# a comment\n#Paris B-LOC\n# O\nis O\n\n#begin document (a b); part 000\n# O\n";
  const open = () => conllReader("f", LABELS);
  assertEquals(valuesOf(open, content, KEYS), [
    ["#Paris # is", "B-LOC O O", 2],
    ["#", "O", 7],
  ]);
});

Deno.test("CoNLL: any column can be the label, by its number", () => {
  const content = "a DT O\nb NN B-X\n";
  const read = (labelColumn?: string) =>
    parseExamples(content, { format: "conll", labelColumn }).map(({ label }) => label);
  assertEquals([read(), read("2"), read("3")], [["O B-X"], ["DT NN"], ["O B-X"]]);
  const refusal = assertThrows(() => read("4"), InputError);
  assertEquals(
    refusal.message,
    'data:1: no column "4": CoNLL has 1 to 3; name one with the label column option',
  );
});

Deno.test("CoNLL: a sentence with an invalid line is skipped, and the line reported", () => {
  const content = "a O\nb\nc\n\nd O\n\ne\tO\n \tO\n\nf x O\n\ng O";
  const { texts, errors } = reported((report) => conllReader("f", LABELS, report), content);
  assertEquals(texts, ["d", "g"]);
  assertEquals(errors, [
    "f:2: 1 column; expected a word and its tag, such as Anna B-PER",
    "f:8: column 1 is empty; fill it in",
    "f:10: 3 columns where line 1 has 2",
  ]);
  assertThrows(() => parseExamples(content, { format: "conll" }), InputError, "data:2: 1 column");
});

const U = (id: string, form: string, upos: string) =>
  [id, form, form.toLowerCase(), upos, "X", "_", "0", "root", "_", "_"].join("\t");

Deno.test("CoNLL-U: ranges, empty nodes and comments are skipped, at any chunk boundary", () => {
  const content = [
    "# sent_id = 1",
    "# text = Im Haus",
    U("1-2", "Im", "_"),
    U("1", "In", "ADP"),
    U("2", "dem", "DET"),
    U("2.1", "ghost", "VERB"),
    U("3", "Haus", "NOUN"),
    "",
    U("1", "#", "SYM"),
    "",
  ].join("\n");
  const open = () => conlluReader("f", LABELS);
  assertEquals(valuesOf(open, content, KEYS), [
    ["In dem Haus", "ADP DET NOUN", 4],
    ["#", "SYM", 9],
  ]);
  const label = (labelColumn: string) =>
    parseExamples(content, { format: "conllu", labelColumn })[0].label;
  assertEquals([label("XPOS"), label("4"), label("lemma")], [
    "X X X",
    "ADP DET NOUN",
    "in dem haus",
  ]);
  assertThrows(() => label("tag"), InputError, 'no column "tag": CoNLL-U has 1 to 10 or id, form,');
  const cut = content.replace("Haus\thaus", "Haus haus");
  assertThrows(
    () => parseExamples(cut, { format: "conllu" }),
    InputError,
    "data:7: 9 columns wher",
  );
});

Deno.test("a tagger reads one word for each tag, even if words contain spaces", () => {
  const odd = [
    "20 000",
    "New\u00a0York",
    "\u00a0",
    "\ufeff",
    "don't",
    "...",
    "a-b",
    "\u0301",
    "👍🏽",
  ];
  const content = odd.map((word, i) => `${word}\tT${i % 2}`).join("\n");
  const [{ text, label }] = parseExamples(content, { format: "conll" });
  const { tokenizer } = createTagger([{ text, label }], {});
  const words = tokenize(text, { ...tokenizer, lowerCase: false });
  assertEquals(words.length, odd.length);
  assertEquals(words.slice(0, 2), ["20_000", "New_York"]);
  assertEquals(words.slice(4), odd.slice(4));
  assertEquals(label!.split(" ").length, odd.length);
});

Deno.test("inspectData() lists the columns of CoNLL", () => {
  const { format, columns, textColumn, labelColumn, examples, problems } = inspectData(
    "a DT O\nb NN B-X\n\nc NN O\n",
  );
  assertEquals([format, columns], ["conll", ["text", "label", "1", "2", "3"]]);
  assertEquals([textColumn, labelColumn, problems], ["text", "label", []]);
  assertEquals(examples.map(({ label }) => label), ["O B-X", "O"]);
});

const KAGGLE =
  'Sentence #,Word,POS,Tag\nSentence: 1,Thousands,NNS,O\n,of,IN,O\n,"New York",NNP,B-geo\n' +
  'Sentence: 2,Anna,NNP,B-per\n,",",",",O\n';

Deno.test("a table with one word per row is read as sentences", () => {
  const rows = [
    { text: "Thousands of New_York", label: "O O B-geo", where: "f:2" },
    { text: "Anna ,", label: "B-per O", where: "f:5" },
  ];
  assertEquals(parseExamples(KAGGLE, { name: "f" }), rows);
  const labelColumn = "POS";
  assertEquals(parseExamples(KAGGLE, { labelColumn })[1].label, "NNP ,");
  const { examples, textColumn, labelColumn: found } = inspectData(KAGGLE, { name: "f" });
  assertEquals([examples, textColumn, found], [rows, "Word", "Tag"]);
  const numbered = "sentence_id\twords\tlabels\n1\ta\tO\n1\tb\tX\n2\tc\tO\n";
  assertEquals(
    parseExamples(numbered, { format: "tsv" }).map(({ text, label }) => [text, label]),
    [["a b", "O X"], ["c", "O"]],
  );
});

Deno.test("a table of numbered sentences is not a table of words", () => {
  const content = "sentence_id,text,label,words\n1,so good,up,2\n1,bad,down,1\n";
  assertEquals(parseExamples(content).map(({ text }) => text), ["so good", "bad"]);
});

Deno.test("a sentence with an empty word or tag is skipped, and its row reported", () => {
  const content = KAGGLE.replace(",of,", ",,");
  const { examples, problems } = inspectData(content);
  assertEquals(examples.map(({ text }) => text), ["Anna ,"]);
  assertEquals(problems, [{ line: 3, problem: '"Word" is empty; fill it in' }]);
  assertThrows(() => parseExamples(content), InputError, 'data:3: "Word" is empty');
});
