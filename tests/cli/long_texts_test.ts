import { assertEquals, assertStringIncludes } from "@std/assert";
import { inFolder, unroll } from "./helpers.ts";

const ROWS = Array.from({ length: 20 }, (_, i) => {
  const [mood, label] = i % 2 ? ["good", "up"] : ["bad", "down"];
  return `${"and so on ".repeat(i % 4)}it was ${mood},${label}`;
});
const CSV = `text,label\n${ROWS.join("\n")}\n`;
const TRAIN = "train --data own.csv --epochs 2 --hidden 4 --validation 0";
const ONE_WAY = "--cell lstm --head last --bidirectional no";

Deno.test("train --max-length prints how many texts are truncated, and saves the length", () =>
  inFolder(async (cwd) => {
    const run = (args: string) => unroll(args.split(" "), { cwd });
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV);
    const { status, err, out } = await run(`${TRAIN} --max-length 5 --truncate start --json`);
    assertEquals(status, 0);
    const message = "15 of 20 texts have more than 5 words; their first words are cut off";
    assertEquals(err, `warning: own.csv: ${message}\n`);
    const events = out.trim().split("\n").map((line) => JSON.parse(line));
    assertEquals(events.find(({ type }) => type === "warning"), {
      ...{ type: "warning", files: ["own.csv"], kind: "truncated", message, count: 15 },
    });
    const { tokenizer } = JSON.parse((await run("inspect --json")).out);
    assertEquals([tokenizer.maxLength, tokenizer.truncate], [5, "start"]);

    const long = `${"it was bad ".repeat(50)}so on it was good`;
    const logitsOf = async (text: string) =>
      JSON.parse((await unroll(["predict", "--json", text], { cwd })).out).logits;
    assertEquals(await logitsOf(long), await logitsOf("so on it was good"));
    const evaluated = await run("evaluate --data own.csv");
    assertEquals([evaluated.status, evaluated.err], [0, `warning: own.csv: ${message}\n`]);

    const onwards = await run(`${TRAIN} --from model.safetensors`.replace(" --hidden 4", ""));
    assertEquals([onwards.status, onwards.err], [0, `warning: own.csv: ${message}\n`]);
  }));

Deno.test("flags for long texts are refused in one line if they do not apply", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV);
    await Deno.writeTextFile(`${cwd}/tags.csv`, "text,label\na b,A B\nb a,B A\n");
    const refused = {
      "--truncate start": "--truncate: needs --max-length N",
      "--max-length 0": "--max-length",
      "--max-length 5 --truncate left": "--truncate",
      "--time-steps 5": "--time-steps: is for --head last --bidirectional no, got --head max " +
        "--bidirectional yes; cut long texts with --max-length N",
      "--time-steps 5 --head last": "got --head last --bidirectional yes",
      "--data tags.csv --head token --max-length 5":
        "--max-length: is for models that label whole texts",
      "--data tags.csv --head token --time-steps 5": "cut long texts into sentences",
      "--task language-model --max-length 5": "--max-length: is for --task classification",
    };
    for (const [flags, says] of Object.entries(refused)) {
      const train = flags.includes("tags.csv") ? TRAIN.replace("--data own.csv ", "") : TRAIN;
      const { status, err } = await unroll(`${train} ${flags}`.split(" "), { cwd });
      assertEquals(status, 2, flags);
      assertStringIncludes(err, says);
      assertEquals(err.trim().split("\n").length, 1, err);
    }
    assertEquals(
      await Array.fromAsync(Deno.readDir(cwd), ({ name }) => name).then((names) => names.sort()),
      ["own.csv", "tags.csv"],
    );
  }));

Deno.test("a classifier trains with --time-steps and resumes with the same value only", () =>
  inFolder(async (cwd) => {
    const run = (args: string) => unroll(args.split(" "), { cwd });
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV);
    const begun = `${TRAIN} ${ONE_WAY} --time-steps 4`.replace("--epochs 2 ", "");
    assertEquals((await run(`${begun} --epochs 4 --out whole`)).status, 0);
    assertEquals((await run(`${begun} --epochs 2 --checkpoint run --out part`)).status, 0);
    assertEquals((await run("train --resume run --epochs 4 --out rest")).status, 0);
    const bytes = (name: string) => Deno.readFile(`${cwd}/${name}`);
    assertEquals(await bytes("rest"), await bytes("whole"));
    const other = await run("train --resume run --time-steps 5 --epochs 4");
    assertEquals(other.status, 2);
    assertStringIncludes(other.err, "--time-steps");
  }));

Deno.test("texts of any length are read if memory does not grow with them", () =>
  inFolder(async (cwd) => {
    const long = "so it was good ".repeat(20_000);
    await Deno.writeTextFile(`${cwd}/own.csv`, `${CSV}${long},up\n`);
    const run = (args: string, input?: string) => unroll(args.split(" "), { cwd, input });
    const cut = "1 of 21 rows; --strict stops at the first:\n" +
      '  own.csv:22: the text "so it was good so it was good so it was …" has 300000 characters; ' +
      "at most 100000 are read, so cut it into pieces\n";
    const deep = await run(`${TRAIN} --layers 2`);
    assertEquals([deep.status, deep.err], [0, `own.csv: left out ${cut}`]);
    const truncated = await run(`${TRAIN} --layers 2 --max-length 4`);
    assertEquals(truncated.status, 0);
    assertStringIncludes(truncated.out, "on 21 sentences");
    for (const args of ["evaluate --data own.csv --json", "predict --data own.csv --json"]) {
      const { status, err } = await run(args);
      assertEquals([status, err.includes("characters")], [0, false], err);
    }
    const piped = await run("predict --json", `bad\n${long}\n`);
    const [, last] = piped.out.trim().split("\n").map((line) => JSON.parse(line));
    assertEquals([piped.status, last.text.length], [0, long.length]);
    const whole = await run(`${TRAIN} --epochs 1`.replace("--epochs 2 ", ""));
    assertEquals([whole.status, whole.err], [0, ""]);
    assertStringIncludes(whole.out, "on 21 sentences");
  }));

Deno.test("train reads the first thousand words of articles, and prints and saves that", () =>
  inFolder(async (cwd) => {
    const run = (args: string) => unroll(args.split(" "), { cwd });
    const article = (i: number) => `${"it was so ".repeat(400)}${i % 2 ? "good,up" : "bad,down"}`;
    const rows = Array.from({ length: 12 }, (_, i) => article(i));
    await Deno.writeTextFile(`${cwd}/own.csv`, `text,label\n${rows.join("\n")}\n`);
    const train = "train --data own.csv --test own.csv --epochs 1 --hidden 2";
    const { status, out, err } = await run(train);
    assertEquals(status, 0, err);
    const said = "Reads the first 1,000 words of a text, because half of the texts have 1,201 or " +
      "more (--max-length N overrides this).";
    assertEquals(out.split("\n")[0], said);
    assertStringIncludes(err, "12 of 12 texts have more than 1000 words");
    const { tokenizer } = JSON.parse((await run("inspect --json")).out);
    assertEquals(tokenizer.maxLength, 1000);

    const records = async (flags: string) =>
      (await run(`${train} --json ${flags}`)).out.trim().split("\n").map((line) => JSON.parse(line))
        .filter(({ type }) => type === "max-length");
    assertEquals(await records("--seed 2"), [{ type: "max-length", maxLength: 1000, words: 1201 }]);
    assertEquals(await records("--max-length 5"), []);
    assertEquals(await records("--head last --bidirectional no --time-steps 5"), []);
  }));
