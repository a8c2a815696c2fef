import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { inFolder, unroll } from "./helpers.ts";

const ROWS = ["Ann met Bo,NAME VERB NAME", "bo saw ann,NAME VERB NAME", "we met,PRON VERB"];
const DATA = `text,label\n${ROWS.join("\n")}\n`;
const RUN = "train --data tags.csv --epochs 2".split(" "), TAGS = ["--head", "token"];

Deno.test("a tagger reads letters by default, in the text's original spelling", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/tags.csv`, DATA);
    const { status, out } = await unroll([...RUN, ...TAGS, "--letters", "8"], { cwd });
    assertEquals(status, 0);
    assertStringIncludes(out, ": 5 words and their letters, 3 labels.");
    const { out: line } = await unroll(["predict", "ANN met Zoë"], { cwd });
    assertMatch(line, /^ANN\/\S+ met\/\S+ Zoë\/\S+ {2}\(unknown: Zoë\)\n$/);
    const inspected = await unroll(["inspect", "--json"], { cwd });
    const { config, weights } = JSON.parse(inspected.out);
    assertEquals(config.letters, 8);
    const names = weights.map(({ name }: { name: string }) => name);
    assert(names.includes("letters.Whh_reverse"), names);

    const plain = await unroll([...RUN, ...TAGS, "--letters", "0"], { cwd });
    assertStringIncludes(plain.out, ": 5 words, 3 labels.");
    const { out: lower } = await unroll(["predict", "ANN met"], { cwd });
    assertMatch(lower, /^ANN\/\S+ met\/\S+\n$/); // as written, though it is read as "ann"
  }));

Deno.test("--letters is refused in one line if it does not apply", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/tags.csv`, DATA);
    for (
      const [flags, message] of [
        [
          "--head token --letters 8 --embedding 0",
          "error: letters need an embedding size of at least 1, got 0\n",
        ],
        ["--letters 8 --head max", "error: letters are for the head token, which labels words"],
        [
          "--head token --letters many",
          'error: --letters: expected a whole number of at least 0, got "many"\n',
        ],
      ]
    ) {
      const { status, err } = await unroll([...RUN, ...flags.split(" ")], { cwd });
      assertEquals(status, 2);
      assertStringIncludes(err, message);
    }
  }));
