import { inFolder, unroll } from "./helpers.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";

const CSV = "text,label\n" + "this was a good day,up\nthis was a bad day,down\n".repeat(4);
const WORDS = ["day", "awful", "good", "Fine", "bad", ",", "don’t", "was", "rare"];
const VECTORS = WORDS.map((word, i) => `${word} ${i / 10} ${-i / 8} 0.5\n`).join("");
const TRAIN = "train --data own.csv --epochs 2 --cell gru --hidden 4 --validation 0 --vectors";

async function gzip(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const withFiles = (
  fn: (run: (line: string) => ReturnType<typeof unroll>, cwd: string) => Promise<void>,
) =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV);
    await Deno.writeTextFile(`${cwd}/v.vec`, `${WORDS.length} 3\n${VECTORS}`);
    await Deno.writeFile(`${cwd}/v.vec.gz`, await gzip(VECTORS));
    await fn((line) => unroll(line.split(" "), { cwd }), cwd);
  });

Deno.test("train --vectors reports the coverage of a file, compressed or not", () =>
  withFiles(async (run, cwd) => {
    for (const file of ["v.vec", "v.vec.gz"]) {
      const { status, out, err } = await run(`${TRAIN} ${file} --out ${file}.safetensors`);
      assertEquals([status, err], [0, ""]);
      const covers =
        `${file}: vectors of 3 numbers for 4 of the 6 different words of the training ` +
        "texts (66.7%), which make up 60.0% of all their words. Also includes 4 words that they lack.";
      assertEquals(out.split("\n").slice(0, 2), [
        covers,
        "They stay frozen (--thaw-vectors 0 trains them).",
      ]);
      assertStringIncludes(out, ": 10 words, 2 labels");
    }
    const [plain, packed] = await Promise.all(
      ["v.vec", "v.vec.gz"].map((file) => Deno.readFile(`${cwd}/${file}.safetensors`)),
    );
    assertEquals(packed, plain);
  }));

Deno.test("words found only in the vectors are known at test time; --keep-vectors 0 drops them", () =>
  withFiles(async (run) => {
    const unknown = async (...flags: string[]) => {
      assertEquals((await run([TRAIN, "v.vec", ...flags].join(" "))).status, 0);
      return (await run("predict fine awful rare")).err;
    };
    assertEquals(await unknown(), "");
    const some = await unknown("--keep-vectors 4 --frozen"); // day, awful, good and Fine
    assertStringIncludes(some, 'error: "rare" has no word');
    assertEquals(some.trim().split("\n").length, 1);
    const none = await unknown("--keep-vectors 0");
    for (const word of ["fine", "awful", "rare"]) {
      assertStringIncludes(none, `"${word}" has no word that the model knows`);
    }
    const { out } = await run("inspect --json");
    assertEquals(JSON.parse(out).words, 6);
    const without = await run("train --keep-vectors 5");
    assertEquals(without.status, 2);
    assertStringIncludes(without.err, "--keep-vectors: needs word vectors; give --vectors FILE");
  }));

Deno.test("train --vectors projects vectors to another --embedding, and --thaw-vectors thaws them", () =>
  withFiles(async (run, cwd) => {
    const inspected = async (flags: string) => {
      const { status, err } = await run(`${TRAIN} v.vec --optimizer adam ${flags}`.trim());
      assertEquals([status, err], [0, ""]);
      const { config, weights } = JSON.parse((await run("inspect --json")).out);
      const shapes = weights.map(({ name, shape }: { name: string; shape: number[] }) => [
        ...[name, ...shape],
      ]);
      return {
        config,
        shapes: Object.fromEntries(shapes.map(([name, ...s]: string[]) => [name, s])),
      };
    };
    const { config, shapes } = await inspected("--embedding 2");
    assertEquals(config.frozen, true);
    assertEquals([config.embedding, config.projection], [3, 2]);
    assertEquals([shapes.projection, shapes.Wxh], [[3, 2], [2, 12]]);
    assertStringIncludes((await run("inspect")).out, "projection");
    assertEquals((await inspected("--thaw-vectors 0")).config.frozen, false);
    assertEquals((await inspected("--embedding 3")).config.projection, undefined);
    const embeddingOf = async (flags: string) => {
      await inspected(flags);
      return String(await Deno.readFile(`${cwd}/model.safetensors`));
    };
    assertStringIncludes(
      (await run(`${TRAIN} v.vec --embedding 2 --thaw-vectors 1`)).out,
      "\nThey are trained from epoch 2 on, and a linear layer projects them to 2 numbers " +
        "(--embedding 3: none).\n",
    );
    const never = await embeddingOf("--thaw-vectors 2");
    assert(never !== await embeddingOf("--thaw-vectors 1"));
    assert(never !== await embeddingOf("--thaw-vectors 0"));
    const refused = {
      "train --thaw-vectors 2": "--thaw-vectors: needs word vectors; give --vectors FILE",
      [`${TRAIN} v.vec --frozen --thaw-vectors 2`]:
        "--thaw-vectors: --frozen vectors are never trained; leave one out",
      [`${TRAIN} v.vec --thaw-vectors -1`]: "--thaw-vectors",
      [`${TRAIN} v.vec --embedding 0`]:
        "--vectors: one-hot input (--embedding 0) has none; leave one out",
    };
    for (const [line, message] of Object.entries(refused)) {
      const { status, err } = await run(line);
      assertEquals(status, 2, line);
      assertStringIncludes(err, message);
    }
  }));

Deno.test("a tagger trains its vectors, together with letters", () =>
  withFiles(async (run, cwd) => {
    await Deno.writeTextFile(`${cwd}/tags.csv`, "text,label\na good day,D A N\na bad day,D A N\n");
    const train = "train --data tags.csv --head token --epochs 2 --embedding 2 --vectors v.vec";
    const { status, out, err } = await run(train);
    assertEquals([status, err], [0, ""]);
    assertStringIncludes(out, "\nThey are trained, and a linear layer projects");
    const { config } = JSON.parse((await run("inspect --json")).out);
    assertEquals([config.frozen, config.projection, config.letters > 0], [false, 2, true]);
  }));

Deno.test("train --vectors skips and reports invalid lines, also in JSON", () =>
  withFiles(async (run, cwd) => {
    const odd = `${VECTORS}\t 1 2 3\nugly 1 2\nnasty 1 2 NaN\nday 9 9 9\n`;
    await Deno.writeTextFile(`${cwd}/odd.txt`, odd);
    const { status, out, err } = await run(`${TRAIN} odd.txt --json`);
    assertEquals(status, 0);
    assertStringIncludes(err, "warning: odd.txt: 4 lines left out; line 10: expected a word and 3");
    assertStringIncludes(
      err,
      'line 12: "NaN" is not a number; line 13: the word "day" is repeated',
    );
    const [, record] = out.trim().split("\n").map((line) => JSON.parse(line));
    const { problems, ...rest } = record;
    assertEquals(rest, {
      type: "vectors",
      file: "odd.txt",
      dimensions: 3,
      types: { found: 4, all: 6 },
      tokens: { found: 24, all: 40 },
      kept: 4,
      leftOut: 4,
    });
    assertEquals(problems.map(({ line }: { line: number }) => line), [10, 11, 12, 13]);
  }));

Deno.test("train --vectors warns if most words have no vector", () =>
  withFiles(async (run, cwd) => {
    await Deno.writeTextFile(`${cwd}/few.txt`, "good 1 2\nbien 2 1\n");
    const { status, out, err } = await run(`${TRAIN} few.txt`);
    assertEquals([status, err], [0, ""]);
    assertStringIncludes(
      out,
      "That is few; it lacks this, was, a, day, bad. Check that its language",
    );
    assertStringIncludes(out, "\nThey are trained.\n");
  }));

Deno.test("train --vectors refuses files that do not contain word vectors", () =>
  withFiles(async (run, cwd) => {
    const whole = await gzip(VECTORS.repeat(1000));
    await Deno.writeFile(`${cwd}/cut.gz`, whole.subarray(0, whole.length / 2));
    await Deno.writeFile(`${cwd}/v.zip`, Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 0, 0));
    const refused = {
      "own.csv": "own.csv:1: expected a word and from 1 to 10000 numbers",
      "cut.gz": "cut.gz: is damaged or truncated, according to gzip",
      "v.zip": "v.zip:1: a .zip file; unpack it and give the text file inside",
    };
    for (const [file, says] of Object.entries(refused)) {
      const { status, err } = await run(`${TRAIN} ${file}`);
      assertEquals(status, 2);
      assertStringIncludes(err, says);
    }
  }));

Deno.test("train reads both apostrophes alike; --no-fold keeps them distinct", () =>
  inFolder(async (cwd) => {
    const rows = "I don't like it,bad\nI do like it,good\n";
    await Deno.writeTextFile(`${cwd}/own.csv`, `text,label\n${rows.repeat(4)}`);
    const args = "train --data own.csv --epochs 2 --cell gru --hidden 4 --validation 0".split(" ");
    for (const flags of [[], ["--no-fold"]]) {
      assertEquals((await unroll([...args, ...flags], { cwd })).status, 0);
      const { out } = await unroll(["predict", "I don’t like it"], { cwd });
      assertEquals(out.includes("unknown: don’t"), flags.length > 0);
      const { tokenizer } = JSON.parse((await unroll(["inspect", "--json"], { cwd })).out);
      assertEquals(tokenizer.fold, flags.length > 0 ? undefined : "typography");
      const shown = (await unroll(["inspect"], { cwd })).out;
      assertEquals(/^fold +typography$/m.test(shown), flags.length === 0);
    }
    const other = "train --task language-model --data own.csv --no-fold".split(" ");
    const { status, err } = await unroll(other, { cwd });
    assertEquals(status, 2);
    assert(err.includes("--no-fold: is for --task classification"), err);
  }));
