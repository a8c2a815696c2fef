/**
 * Entities in tags, read and scored like conlleval.
 *
 * @module
 */
import { entitiesIn, recommendCrf, tagSchemeOf } from "@unroll/core";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { countEntities } from "#core/tagging/entities.ts";

/** Reads entities, formatted like `PER 0-2`. */
function read(tags: string): string[] {
  return entitiesIn(tags.split(" ")).map(({ type, start, end }) => `${type} ${start}-${end}`);
}

Deno.test("tagSchemeOf() detects the scheme of tags, and returns undefined for other labels", () => {
  const cases: [string, string | undefined][] = [
    ["O B-PER I-PER", "BIO"],
    ["O B-PER", "BIO"],
    ["B-NP I-NP B-VP", "BIO"],
    ["O B_LOC I_LOC", "BIO"],
    ["B I O", "BIO"],
    ["O B-PER.NAM I-PER.NAM", "BIO"],
    ["O B-PER I-PER E-PER S-PER", "BIOES"],
    ["O S-PER B-PER E-PER", "BIOES"],
    ["O B-PER I-PER L-PER U-PER", "BILOU"],
    ["B M E S", "BMES"],
    ["O B-PER M-PER E-PER S-PER", "BMES"],
    ["O I-PER I-LOC", "IO"],
    ["O PERSON TIME", "IO"],
    ["NOUN VERB ADJ", undefined],
    ["O V N A", undefined], // parts of speech of one letter
    ["O", undefined],
    ["S-pos S-neg", undefined],
    ["O B-PER NOUN", undefined],
    ["O B-PER I", undefined],
    ["O L-PER M-PER", undefined],
    ["", undefined],
  ];
  for (const [tags, scheme] of cases) {
    assertEquals(tagSchemeOf(tags.split(" ").filter(Boolean)), scheme, tags);
  }
});

Deno.test("a CRF is recommended if tags constrain the next tag", () => {
  const of = (label: string) => recommendCrf([{ text: "", label }]);
  assertEquals(of("O B-PER I-PER"), "BIO");
  assertEquals(of("O S-PER B-PER E-PER"), "BIOES");
  assertEquals(of("O PERSON O"), undefined);
  assertEquals(of("NOUN VERB"), undefined);
});

Deno.test("entities of every scheme are read", () => {
  const both = ["PER 0-2", "LOC 3-4"];
  assertEquals(read("B-PER I-PER O B-LOC"), both); // IOB2
  assertEquals(read("I-PER I-PER O I-LOC"), both); // IOB1
  assertEquals(read("B-PER E-PER O S-LOC"), both);
  assertEquals(read("B-PER L-PER O U-LOC"), both);
  assertEquals(read("B-PER E-PER O W-LOC"), both);
  assertEquals(read("PER PER O LOC"), both);
  assertEquals(read("B-PER I-PER I-PER E-PER"), ["PER 0-4"]);
  assertEquals(read("B-PER M-PER E-PER"), ["PER 0-3"]);
  assertEquals(read("I-PER B-PER I-PER"), ["PER 0-1", "PER 1-3"]); // IOB1: B between neighbors
  assertEquals(read("B-PER B-PER"), ["PER 0-1", "PER 1-2"]);
  assertEquals(read("B M E S"), [" 0-3", " 3-4"]);
  assertEquals(read("B-my-type I-my-type"), ["my-type 0-2"]);
  assertEquals(read("O O"), []);
  assertEquals(entitiesIn([]), []);
});

Deno.test("malformed tags are read like conlleval does", () => {
  assertEquals(read("O I-PER I-PER"), ["PER 1-3"]);
  assertEquals(read("B-PER I-LOC"), ["PER 0-1", "LOC 1-2"]);
  assertEquals(read("I-PER I-LOC I-LOC"), ["PER 0-1", "LOC 1-3"]);
  assertEquals(read("O E-PER E-PER"), ["PER 1-2", "PER 2-3"]);
  assertEquals(read("B-PER E-PER I-PER"), ["PER 0-2", "PER 2-3"]);
  assertEquals(read("S-PER I-PER E-PER"), ["PER 0-1", "PER 1-3"]);
  assertEquals(read("B-PER I-PER O I-PER"), ["PER 0-2", "PER 3-4"]);
  assertEquals(read("B-PER S-PER B-PER"), ["PER 0-1", "PER 1-2", "PER 2-3"]);
});

Deno.test("precision, recall and F1 equal those of conlleval", () => {
  const counter = countEntities();
  const add = (actual: string, predicted: string) =>
    counter.add(actual.split(" "), predicted.split(" "));
  // seqeval's example: one entity is found, and one prediction is too long.
  add("O O O B-MISC I-MISC I-MISC O", "O O B-MISC I-MISC I-MISC I-MISC O");
  add("B-PER I-PER O", "B-PER I-PER O");
  assertEquals(counter.figures(), {
    precision: 0.5,
    recall: 0.5,
    f1: 0.5,
    support: 2,
    predicted: 2,
    types: [
      { type: "MISC", precision: 0, recall: 0, f1: 0, support: 1, predicted: 1 },
      { type: "PER", precision: 1, recall: 1, f1: 1, support: 1, predicted: 1 },
    ],
  });
  add("B-LOC O B-LOC O", "B-LOC O O O"); // one is missed
  add("B-PER O O", "B-LOC O O"); // the type is wrong
  add("O O", "O B-ORG"); // a type that does not occur
  const { types, ...all } = counter.figures();
  assertEquals([all.support, all.predicted], [5, 5]);
  assertAlmostEquals(all.f1, 2 / 5); // one PER and one LOC are correct
  assertEquals(types.map(({ type, support, predicted }) => [type, support, predicted]), [
    ["LOC", 2, 2],
    ["MISC", 1, 1],
    ["ORG", 0, 1],
    ["PER", 2, 1],
  ]);
  const of = (name: string) => types.find(({ type }) => type === name)!;
  assertEquals([of("LOC").precision, of("LOC").recall, of("LOC").f1], [0.5, 0.5, 0.5]);
  assertEquals([of("PER").precision, of("PER").recall], [1, 0.5]);
  assertAlmostEquals(of("PER").f1, 2 / 3);
  assertEquals([of("ORG").precision, of("ORG").recall, of("ORG").f1], [0, 0, 0]);
});
