/**
 * `train --head token` on texts whose labels are for characters.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { inFolder, unroll } from "./helpers.ts";

const ROWS = ["去北京,O B-LOC I-LOC", "在上海找人,O B-LOC I-LOC O O", "北京人,B-LOC I-LOC O"];
const DATA = `text,label\n${ROWS.join("\n")}\n`;
const TRAIN = "train --head token --epochs 100 --hidden 8".split(" ");

Deno.test("a tagger reads characters if there are as many labels, and says so", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/zh.csv`, DATA);
    const { status, out, err } = await unroll([...TRAIN, "--data", "zh.csv"], { cwd });
    assertEquals(status, 0, err);
    assertStringIncludes(
      out,
      "Reads characters: most texts have one label per character, not per word " +
        "(--unit words overrides this).",
    );
    assertMatch(out, /on 3 sentences: 8 characters, 3 labels\./);
    assertMatch(out, /\(11 characters in 3 sentences\)/);
    const { out: json } = await unroll(["predict", "--json", "去 上海！"], { cwd });
    const { words } = JSON.parse(json);
    assertEquals(words.map(({ word }: { word: string }) => word), ["去", "上", "海", "！"]);
    const { out: line } = await unroll(["predict", "在上海找人"], { cwd });
    assertStringIncludes(line, "[LOC: 上海]");
    const { out: scores } = await unroll("evaluate --data zh.csv".split(" "), { cwd });
    assertMatch(scores, /^11 characters in 3 sentences: /m);
    assertMatch(scores, /label +precision +recall +F1 +characters/);
    const { out: drawn } = await unroll(["inspect"], { cwd });
    assertStringIncludes(drawn, "characters");
  }));

Deno.test("a CoNLL file with a character per line trains a tagger of characters", () =>
  inFolder(async (cwd) => {
    const lines = ROWS.map((row) => {
      const [text, label] = row.split(","), tags = label.split(" ");
      return [...text].map((character, i) => `${character} ${tags[i]}`).join("\n");
    });
    await Deno.writeTextFile(`${cwd}/zh.conll`, lines.join("\n\n") + "\n");
    const run = [...TRAIN, "--data", "zh.conll", "--unit", "graphemes"];
    const { status, out, err } = await unroll(run, { cwd });
    assertEquals(status, 0, err);
    assertMatch(out, /on 3 sentences: 8 graphemes, 3 labels\./);
    const { out: line } = await unroll(["predict", "去上海"], { cwd });
    assertMatch(line, /^去\/\S+ 上\/\S+ 海\/\S+/);
  }));

Deno.test("--unit words keeps words, and wrong numbers of labels are named", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/zh.csv`, DATA);
    const words = await unroll([...TRAIN, "--data", "zh.csv", "--unit", "words"], { cwd });
    assertEquals(words.status, 2);
    assertStringIncludes(words.err, 'zh.csv:2: the text "去北京" has 1 words and 3 labels');
    await Deno.writeTextFile(`${cwd}/few.csv`, DATA + "去上海,O B-LOC\n");
    const few = await unroll([...TRAIN, "--data", "few.csv", "--strict"], { cwd });
    assertEquals(few.status, 2);
    assertStringIncludes(
      few.err,
      'few.csv:5: the text "去上海" has 3 characters and 2 labels; ' +
        "give one label for each character, separated by spaces",
    );
    const letters = await unroll([...TRAIN, "--data", "zh.csv", "--letters", "8"], { cwd });
    assertEquals(letters.status, 2);
    assertStringIncludes(letters.err, "error: --letters: is for --unit words");
  }));
