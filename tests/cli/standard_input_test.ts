/** Standard input as data: `--data -`. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createModel, writeModel } from "@unroll/core";
import { filesIn, inFolder, start, unroll } from "./helpers.ts";

const TABLE = "text,label\nso good,up\nbad,down\nso so good,up\nso bad,down\n";
const JSON_LINES = '{"text":"good"}\n{"text":"bad","n":1.0}\n';

/** Runs a test in a folder with an untrained classifier. */
function withModel(fn: (cwd: string) => Promise<void>): Promise<void> {
  return inFolder(async (cwd) => {
    const examples = [{ text: "good", label: "up" }, { text: "so bad", label: "down" }];
    await Deno.writeFile(`${cwd}/model.safetensors`, writeModel(createModel(examples)));
    await fn(cwd);
  });
}

Deno.test("train and evaluate read standard input like a file", () =>
  withModel(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.csv`, TABLE);
    const train = async (data: string, out: string, input?: string) => {
      const args = ["train", "--epochs", "2", "--data", data, "--format", "csv", "--out", out];
      const { status, err } = await unroll(args, { cwd, input });
      assertEquals([status, err], [0, ""]);
      return await Deno.readFile(`${cwd}/${out}`);
    };
    assertEquals(await train("-", "a", TABLE), await train("own.csv", "b"));
    const file = await unroll(["evaluate", "--data", "own.csv"], { cwd });
    const input = await unroll(["evaluate", "--data", "-", "--format", "csv"], {
      cwd,
      input: TABLE,
    });
    assertEquals([input.status, input.out, input.err], [0, file.out, ""]);
  }));

Deno.test("the format of standard input is detected and reported, and errors have its lines", () =>
  withModel(async (cwd) => {
    const evaluate = (input: string, ...flags: string[]) =>
      unroll(["evaluate", "--data", "-", ...flags], { cwd, input });
    const json = '{"text":"good","label":"up"}\n{"text":"bad","label":"down"}\n';
    const guessed = await evaluate(json);
    assertEquals([guessed.status, guessed.err], [
      0,
      "standard input: read as JSON Lines, based on its content; give --format if that is wrong\n",
    ]);
    assertEquals((await evaluate(json, "--format", "jsonl")).err, "");
    const bad = await evaluate(`${TABLE}bad\n`);
    assertStringIncludes(bad.err, "standard input: left out 1 of 5 rows");
    assertStringIncludes(bad.err, "  standard input:6: 1 field where the header has 2");
    const strict = await evaluate(`${TABLE}bad\n`, "--strict");
    assertEquals(strict.status, 2);
    assertStringIncludes(strict.err, "error: standard input:6: 1 field where the header has 2");
    const empty = await evaluate("");
    assertStringIncludes(empty.err, "error: standard input:1: no content");
    const child = start(["evaluate", "--data", "-"], { cwd, input: true });
    const writer = child.stdin.getWriter();
    await writer.write(Uint8Array.from("text,label\ncafé,up\n", (c) => c.charCodeAt(0)));
    await writer.close();
    const { code, stderr } = await child.output();
    assertEquals(code, 2);
    assertStringIncludes(
      new TextDecoder().decode(stderr),
      "error: standard input:2: not UTF-8: the byte E9 at byte offset 14",
    );
  }));

Deno.test("standard input is read once, and not together with --checkpoint", () =>
  withModel(async (cwd) => {
    const cases: [args: string[], message: string][] = [
      [["train", "--data", "-", "--data", "-"], "can be read only once; give - once, and files"],
      [["train", "--data", "-", "--test", "-"], "can be read only once; give - once, and files"],
      [["evaluate", "--data", "-", "--data", "-"], "can be read only once; give - once"],
      [
        ["train", "--data", "-", "--checkpoint", "run"],
        "--checkpoint: a run that reads standard input cannot be resumed, because the input is gone by then; " +
        "give the data as a file",
      ],
      [["train", "--data", "/dev/stdin"], "use a file, or - for standard input"],
      [["inspect", "--gradients", "--data", "-"], "which is a stream"],
      [["predict", "--data", "-", "good"], "give texts or --data FILE, not both"],
    ];
    for (const [args, message] of cases) {
      const { status, out, err } = await unroll(args, { cwd, input: TABLE });
      assertEquals([status, out], [2, ""]);
      assertStringIncludes(err, message);
      assertEquals(err.split("\n").length, 2);
    }
    assertEquals(await filesIn(cwd), ["model.safetensors"]);
    await Deno.writeTextFile(`${cwd}/standard input`, TABLE); // a file with that name
    await Deno.writeTextFile(`${cwd}/-`, TABLE);
    for (const name of ["standard input", "./-"]) {
      assertEquals((await unroll(["evaluate", "--data", name], { cwd, input: "" })).status, 0);
    }
  }));

Deno.test("a language model reads standard input as one text", () =>
  inFolder(async (cwd) => {
    const args = ["train", "--task", "language-model", "--epochs", "1", "--data", "-"];
    const { status, out, err } = await unroll(args, {
      cwd,
      input: "to be or not to be ".repeat(99),
    });
    assertEquals([status, err], [0, ""]);
    assertStringIncludes(out, "on 1693 characters, 188 for validation");
    const empty = await unroll(args, { cwd, input: "" });
    assertEquals([empty.status, empty.err], [
      2,
      "error: standard input: is empty; give a longer text\n",
    ]);
  }));

for (const command of ["evaluate", "predict"]) {
  Deno.test({
    name: `Ctrl-C ends ${command} while it waits for standard input`,
    ignore: Deno.build.os === "windows", // which has no signals
    fn: () =>
      withModel(async (cwd) => {
        await new Deno.Command("mkfifo", { args: [`${cwd}/pipe.csv`] }).output();
        for (const [data, name] of [["-", "standard input"], ["pipe.csv", "pipe.csv"]]) {
          const child = start([command, "--data", data], { cwd, input: true });
          await new Promise((done) => setTimeout(done, 2000));
          child.kill("SIGINT");
          const { code, stderr } = await child.output();
          assertEquals([code, new TextDecoder().decode(stderr)], [
            130,
            `Stopped while reading ${name}; nothing was written\n`,
          ]);
          await child.stdin.close().catch(() => {});
        }
      }),
  });
}

Deno.test("predict --data - predicts for the rows of standard input", () =>
  withModel(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/new.csv`, TABLE);
    await Deno.writeTextFile(`${cwd}/new.jsonl`, JSON_LINES);
    const predict = async (name: string, input?: string, ...flags: string[]) => {
      const { status, out } = await unroll(["predict", "--data", name, ...flags], { cwd, input });
      assertEquals(status, 0);
      return out;
    };
    assertEquals(await predict("-", TABLE), await predict("new.csv"));
    assertEquals(await predict("-", JSON_LINES), await predict("new.jsonl"));
    const saved = await unroll(["predict", "--data", "-", "--out", "a.jsonl"], {
      cwd,
      input: JSON_LINES,
    });
    assertEquals([saved.status, saved.out], [0, "Saved a.jsonl: 2 rows.\n"]);
    const refused = await unroll(["predict", "--data", "-", "--out", "a.csv"], {
      cwd,
      input: JSON_LINES,
    });
    assertEquals(refused.status, 2);
    assertStringIncludes(
      refused.err,
      "error: standard input: writing a table from JSON needs two passes over it; give a file, or " +
        "write JSON Lines, with --out FILE.jsonl or --json\n",
    );
    assertEquals(await filesIn(cwd), ["a.jsonl", "model.safetensors", "new.csv", "new.jsonl"]);
  }));

Deno.test("predict --data reads tables as train does: --format, --separator, --quotes, --no-header", () =>
  withModel(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/new.txt`, '1;"so good\n2;bad\n');
    const args = ["predict", "--data", "new.txt", "--text-column", "2", "--format", "csv"];
    const flags = ["--separator", ";", "--quotes", "none", "--no-header"];
    const { status, out, err } = await unroll([...args, ...flags], { cwd });
    assertEquals([status, err], [0, ""]);
    assertMatch(out, /^1,2,label,probability\n1,"""so good",\w+,[\d.]+\n2,bad,\w+,[\d.]+\n$/);
    await Deno.writeTextFile(`${cwd}/new.jsonl`, JSON_LINES);
    const cases: [args: string[], message: string][] = [
      [["--separator", ";", "good"], "--separator: is for a file; give --data FILE"],
      [["--data", "new.jsonl", "--no-header"], "--no-header: is for CSV and TSV, got new.jsonl"],
      [["--data", "new.txt", "--format", "conll"], "new.txt:1: CoNLL has no columns to keep; give"],
    ];
    for (const [args, message] of cases) {
      const { status, err } = await unroll(["predict", ...args], { cwd });
      assertEquals(status, 2);
      assertStringIncludes(err, `error: ${message}`);
    }
  }));

Deno.test("predict --data --strict stops at the first row without a prediction, and writes nothing", () =>
  withModel(async (cwd) => {
    const args = ["predict", "--data", "new.csv", "--out", "a.csv", "--strict"];
    await Deno.writeTextFile(`${cwd}/new.csv`, "id,text\n1,good\n2,zounds\n3,zounds\n");
    const unknown = await unroll(args, { cwd });
    assertEquals([unknown.status, unknown.err], [
      2,
      'error: new.csv:3: "zounds" has no word that the model knows; use words of the training ' +
      "texts, or train on more texts\n",
    ]);
    await Deno.writeTextFile(`${cwd}/new.csv`, "id,text\n1,good\n2\n");
    const narrow = await unroll(args, { cwd });
    assertEquals(narrow.status, 2);
    assertStringIncludes(narrow.err, "error: new.csv:3: 1 field where the header has 2");
    assertEquals(await filesIn(cwd), ["model.safetensors", "new.csv"]);
  }));

Deno.test("large JSON Lines become a table with the keys of all rows", () =>
  withModel(async (cwd) => {
    const rows = Array.from({ length: 60_000 }, (_, i) => {
      const own = i === 59_999 ? ',"last":"x"' : i % 7 === 0 ? `,"seven":${i}` : "";
      return `{"text":"good","id":${i}${own}}\n`;
    });
    await Deno.writeTextFile(`${cwd}/new.jsonl`, rows.join(""));
    const args = ["predict", "--data", "new.jsonl", "--out", "a.csv"];
    assertEquals((await unroll(args, { cwd })).status, 0);
    const written = (await Deno.readTextFile(`${cwd}/a.csv`)).trimEnd().split("\n");
    assertEquals([written.length, written[0]], [60_001, "text,id,seven,last,label,probability"]);
    assertMatch(written[8], /^good,7,7,,\w+,[\d.]+$/);
    assertMatch(written[60_000], /^good,59999,,x,\w+,[\d.]+$/);
  }));
