import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { letterTokenizer } from "@unroll/core";
import { entitiesOf, entityNote } from "#cli/tasks/entity_view.ts";
import { inFolder, unroll } from "./helpers.ts";

const NAMES = ["ann", "bob", "cid", "dot"], PLACES = ["rome", "oslo", "lima"];

/** Texts with names and places, tagged in the BIO scheme. */
const CSV = "text,label\n" +
  Array.from({ length: 60 }, (_, i) => {
    const name = NAMES[i % 4], place = PLACES[i % 3];
    return i % 2 === 0
      ? `${name} lee went to ${place},B-PER I-PER O O B-LOC`
      : `in ${place} ${name} sat,O B-LOC B-PER O`;
  }).join("\n");

const TRAIN = "train --data bio.csv --test bio.csv --head token --epochs 25".split(" ");
const SAID = "The labels mark entities in the BIO scheme: a CRF predicts the labels of a text " +
  "jointly (--no-crf: independently).";

Deno.test("the words of an entity are joined as the tokenizer split them", () => {
  const tags = [["Ada", "B-PER"], ["Lee", "I-PER"], ["sat", "O"], ["Oslo", "B-LOC"]]
    .map(([word, label]) => ({ word, label, probability: 1, known: true }));
  const labels = ["O", "B-PER", "I-PER", "B-LOC"];
  const words = { labels, tokenizer: { lowerCase: true, punctuation: "keep" } as const };
  assertEquals(entitiesOf(words, tags), [
    { type: "PER", text: "Ada Lee", start: 0, end: 2 },
    { type: "LOC", text: "Oslo", start: 3, end: 4 },
  ]);
  assertEquals(entityNote(words, entitiesOf(words, tags)), "  [PER: Ada Lee] [LOC: Oslo]");
  const characters = { labels, tokenizer: letterTokenizer("characters") };
  assertEquals(entitiesOf(characters, tags)?.map(({ text }) => text), ["AdaLee", "Oslo"]);
  assertEquals(entitiesOf({ ...words, labels: ["NOUN", "VERB"] }, tags), undefined);
});

Deno.test("BIO labels select a CRF, and entities are predicted, counted and printed", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/bio.csv`, CSV);
    const { status, out } = await unroll([...TRAIN, "--report", "r.html"], { cwd });
    assertEquals([status, out.split("\n")[0]], [0, SAID]);
    assertMatch(out, /^ +epoch +train loss +accuracy +entity F1 +test loss +accuracy +entity F1$/m);
    assertMatch(out, /^ +25 +0\.\d+ +100\.0% +0\.\d+ +100\.0% +100\.0%$/m);
    assertMatch(out, /^Entities \(BIO\): F1 100\.0%, precision 100\.0%, recall 100\.0%; 120 pre/m);
    const page = await Deno.readTextFile(`${cwd}/r.html`);
    assertStringIncludes(page, "F1 100.0%, precision 100.0%, recall 100.0%");
    assertStringIncludes(page, "<h2>Entities</h2>");

    const asked = await unroll(["predict", "ann lee went to oslo"], { cwd });
    assertEquals(
      asked.out,
      "ann/B-PER lee/I-PER went/O to/O oslo/B-LOC  [PER: ann lee] [LOC: oslo]\n",
    );
    const json = await unroll(["predict", "--json", "ann lee went to oslo"], { cwd });
    assertEquals(JSON.parse(json.out).entities, [
      { type: "PER", text: "ann lee", start: 0, end: 2 },
      { type: "LOC", text: "oslo", start: 4, end: 5 },
    ]);

    const measured = await unroll(["evaluate", "--data", "bio.csv"], { cwd });
    assertMatch(measured.out, /^Entities \(BIO\): F1 100\.0%/m);
    assertMatch(measured.out, /^PER +100\.0% +100\.0% +100\.0% +60 +60$/m);
    const figures = JSON.parse(
      (await unroll(["evaluate", "--data", "bio.csv", "--json"], { cwd })).out,
    );
    assertEquals([figures.entities.scheme, figures.entities.f1], ["BIO", 1]);
    const inspected = await unroll(["inspect"], { cwd });
    assertMatch(inspected.out, /^crf +true$/m);
    assertMatch(inspected.out, /^CRF +24$/m); // 4 start, 4 end and 16 transition scores
  }));

Deno.test("--no-crf and label weights disable the CRF; --crf enables it", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/bio.csv`, CSV);
    const short = "train --data bio.csv --head token --epochs 1 --json".split(" ");
    const configOf = async (...flags: string[]) => {
      const { status, out } = await unroll([...short, ...flags], { cwd });
      assertEquals(status, 0);
      const records = out.trim().split("\n").map((line) => JSON.parse(line));
      const says = records.some(({ type, message }) => type === "crf" && message === SAID);
      return [records.find(({ type }) => type === "start").config.crf === true, says];
    };
    assertEquals(await configOf(), [true, true]);
    assertEquals(await configOf("--crf"), [true, false]);
    assertEquals(await configOf("--no-crf"), [false, false]);
    assertEquals(await configOf("--label-weights", "balanced"), [false, false]);
    await Deno.writeTextFile(`${cwd}/bio.csv`, CSV.replaceAll(/[BI]-/g, ""));
    assertEquals(await configOf(), [false, false]); // IO
    assertEquals(await configOf("--crf"), [true, false]);
  }));

Deno.test("--crf is refused in one line if it does not apply", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/bio.csv`, CSV);
    const cases: [string[], string][] = [
      [[...TRAIN.slice(0, 3), "--crf"], "error: --crf: is for --head token"],
      [[...TRAIN.slice(0, 3), "--no-crf"], "error: --no-crf: is for --head token"],
      [[...TRAIN, "--crf", "--no-crf"], "error: --crf: contradicts --no-crf"],
      [[...TRAIN, "--crf", "--label-weights", "balanced"], "error: label weights are for losses"],
    ];
    for (const [args, message] of cases) {
      const { status, err } = await unroll(args, { cwd });
      assertEquals(status, 2, err);
      assert(err.trim().split("\n").at(-1)!.startsWith(message), err);
    }
  }));
