/**
 * `predict --data`: the rows of a file with their predictions.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  createModel,
  createTranslationModel,
  inspectData,
  parseExamples,
  writeModel,
} from "@unroll/core";
import { stoppable } from "#cli/run/reading.ts";
import { filesIn, inFolder, start, unroll } from "./helpers.ts";

const WAY_OUT = "; use words of the training texts, or train on more texts";
const EXAMPLES = [{ text: "good", label: "up" }, { text: "bad", label: "down" }];

/** Runs a test in a folder with an untrained classifier. */
function withModel(fn: (cwd: string) => Promise<void>): Promise<void> {
  return inFolder(async (cwd) => {
    await Deno.writeFile(`${cwd}/model.safetensors`, writeModel(createModel(EXAMPLES)));
    await fn(cwd);
  });
}

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("predict --data keeps all columns in their order, and adds label and probability", () =>
  withModel(async (cwd) => {
    const content = 'id,text,label\n1,"good, ""very""\nbad",x\n"0,5",bad,\n';
    await Deno.writeTextFile(`${cwd}/new.csv`, content);
    const printed = await unroll(["predict", "--data", "new.csv"], { cwd });
    assertEquals(
      [printed.status, printed.err],
      [0, 'new.csv: already has "label"; predictions are in "label_2"\n'],
    );
    assertMatch(
      printed.out,
      /^id,text,label,label_2,probability\n1,"good, ""very""\nbad",x,(up|down),0\.\d+\n"0,5",bad,,(up|down),0\.\d+\n$/,
    );
    const saved = await unroll(["predict", "--data", "new.csv", "--out", "answers.csv"], { cwd });
    assertEquals([saved.status, saved.out], [0, "Saved answers.csv: 2 rows.\n"]);
    assertEquals(await Deno.readTextFile(`${cwd}/answers.csv`), printed.out);
  }));

Deno.test("the extension of --out determines the format; the default is the input's", () =>
  withModel(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/new.tsv`, "text\tid\ngood\t7\n");
    for (const name of ["a.csv", "a.tsv", "a.jsonl", "a.txt"]) {
      const args = ["predict", "--data", "new.tsv", "--out", name, "--probabilities"];
      assertEquals((await unroll(args, { cwd })).status, 0);
    }
    const read = (name: string) => Deno.readTextFile(`${cwd}/${name}`);
    const [csv, tsv, jsonl] = await Promise.all(["a.csv", "a.tsv", "a.jsonl"].map(read));
    const names = ["text", "id", "label", "probability", "probability_down", "probability_up"];
    assertEquals(csv.split("\n")[0], names.join(","));
    assertEquals(tsv, csv.replaceAll(",", "\t"));
    assertEquals(await read("a.txt"), tsv);
    const row = JSON.parse(jsonl);
    assertEquals(Object.keys(row), names);
    assertEquals([row.text, row.id, row.probability], [
      "good",
      "7",
      row[`probability_${row.label}`],
    ]);
    const json = await unroll(["predict", "--data", "new.tsv", "--json"], { cwd });
    assertEquals(Object.keys(JSON.parse(json.out)), names.slice(0, 4));
  }));

Deno.test("JSON Lines keep all keys and numbers, and become a table of all keys", () =>
  withModel(async (cwd) => {
    const lines = [
      '{"id":1234567890123456789,"text":"good","x":{"y":1.0}}',
      '{"text":"bad","n":1}',
    ];
    await Deno.writeTextFile(`${cwd}/new.jsonl`, lines.join("\n"));
    const json = await unroll(["predict", "--data", "new.jsonl"], { cwd });
    for (const [i, line] of json.out.trim().split("\n").entries()) {
      assertEquals(line.replace(/,"label":"\w+","probability":[\d.]+\}$/, "}"), lines[i]);
    }
    const csv = await unroll(["predict", "--data", "new.jsonl", "--out", "a.csv"], { cwd });
    assertEquals([csv.status, csv.err], [0, ""]);
    const table = (await Deno.readTextFile(`${cwd}/a.csv`)).split("\n");
    assertEquals(table[0], "id,text,x,n,label,probability");
    assertMatch(table[1], /^1234567890123456789,good,"\{""y"":1\.0\}",,\w+,0\.\d+$/);
    assertMatch(table[2], /^,bad,,1,\w+,0\.\d+$/);
  }));

Deno.test("line breaks and duplicate column names of a table are kept", () =>
  withModel(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/new.csv`, "\ufefftext,a,a\r\ngood,1,2\r\n");
    const args = ["predict", "--data", "new.csv"];
    const csv = await unroll(args, { cwd });
    assertMatch(csv.out, /^text,a,a,label,probability\r\ngood,1,2,\w+,[\d.]+\r\n$/);
    const row = JSON.parse((await unroll([...args, "--json"], { cwd })).out);
    assertEquals([row.a, row.a_2], ["1", "2"]); // the keys of an object are unique
  }));

Deno.test("rows without a prediction are kept empty, counted and reported, with status 2", () =>
  withModel(async (cwd) => {
    const unknown = Array.from({ length: 12 }, (_, i) => `${i},zounds\n`).join("");
    await Deno.writeTextFile(`${cwd}/new.csv`, `id,text\n${unknown}12,good\n13\n14,\n`);
    const { status, out, err } = await unroll(["predict", "--data", "new.csv"], { cwd });
    assertEquals(status, 2);
    const rows = out.trim().split("\n").slice(1);
    assertEquals(rows.length, 14);
    assertEquals([rows[0], rows[13]], ["0,zounds,,", "14,,,"]);
    assertMatch(rows[12], /^12,good,(up|down),0\.\d+$/);
    assertEquals(err.split("\n").slice(0, 4), [
      "error: 13 rows have no prediction",
      "error: 1 row has been left out as unreadable",
      '  new.csv:2: "zounds" has no word that the model knows' + WAY_OUT,
      '  new.csv:3: "zounds" has no word that the model knows' + WAY_OUT,
    ]);
    assertMatch(
      err,
      /\n {2}new\.csv:15: 1 field where the header has 2[^\n]*\n {2}and 4 rows more\n$/,
    );
    const json = '{"text":"good"}\n{"text":null}\n{"id":1}\n';
    await Deno.writeTextFile(`${cwd}/new.jsonl`, json);
    const lines = await unroll(["predict", "--data", "new.jsonl"], { cwd });
    assertEquals(lines.status, 2);
    assertEquals(lines.out.split("\n").slice(1), [
      '{"text":null,"label":null,"probability":null}',
      '{"id":1,"label":null,"probability":null}',
      "",
    ]);
    assertStringIncludes(lines.err, '\n  new.jsonl:2: "text" should be a string, got null\n');
    assertStringIncludes(lines.err, '\n  new.jsonl:3: no key "text"\n');
  }));

Deno.test("the text column is given, the default, or detected and reported", () =>
  withModel(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/new.csv`, "id,review,note\n1,good and good,bad\n");
    const guessed = await unroll(["predict", "--data", "new.csv"], { cwd });
    assertEquals(guessed.err, 'new.csv: texts in "review"; --text-column selects another\n');
    const args = ["predict", "--data", "new.csv", "--text-column"];
    assertEquals((await unroll([...args, "note"], { cwd })).err, "");
    const { status, err } = await unroll([...args, "text"], { cwd });
    assertEquals(status, 2);
    assertMatch(
      err,
      /^error: new\.csv:1: no column "text": the header has "id", "review", "note";/,
    );
  }));

Deno.test("a tagger adds tags, and a translation model translations of the column source", () =>
  inFolder(async (cwd) => {
    const tagger = createModel([{ text: "call ann", label: "O NAME" }], { head: "token" });
    await Deno.writeFile(`${cwd}/tags`, writeModel(tagger));
    const pairs = [{ text: "ab", label: "ba" }, { text: "a", label: "b" }];
    await Deno.writeFile(`${cwd}/pairs`, writeModel(createTranslationModel(pairs)));
    await Deno.writeTextFile(`${cwd}/new.csv`, 'text,source\ncall bob,ab\n" ",""\n');
    const tags = await unroll(["predict", "--model", "tags", "--data", "new.csv"], { cwd });
    assertEquals(tags.status, 2);
    assertMatch(tags.out, /^text,source,tags\ncall bob,ab,(O|NAME) (O|NAME)\n" ",,\n$/);
    assertStringIncludes(tags.err, '\n  new.csv:3: " " has no words; give a text with words\n');
    const args = ["predict", "--model", "pairs", "--data", "new.csv"];
    const translated = await unroll([...args, "--beam", "2"], { cwd });
    assertEquals(translated.status, 2);
    const [header, first, second] = translated.out.split("\n");
    assertEquals([header, second], ["text,source,translation,probability", '" ",,,']);
    assertMatch(first, /^call bob,ab,[ab]*,[\d.e-]+$/);
    assertStringIncludes(
      translated.err,
      '\n  new.csv:3: "" has no characters; give a text with characters\n',
    );
    const { err } = await unroll([...args, "--probabilities"], { cwd });
    assertEquals(err, "error: --probabilities: is for a model that classifies texts\n");
  }));

Deno.test("predict --data --out --json prints how the file was read and saved, and writes rows to it", () =>
  withModel(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/new.csv`, "id;review\n1;good\n2;!\n3;so bad\n4;4;4\n");
    const args = ["predict", "--data", "new.csv", "--json"];
    const { status, out, err } = await unroll([...args, "--out", "answers.csv"], { cwd });
    assertEquals(status, 2);
    assertStringIncludes(err, 'new.csv: CSV with semicolons, header, 3 rows; texts in "review"\n');
    assertEquals(out.trim().split("\n").map((line) => JSON.parse(line)), [
      {
        ...{ type: "reading", file: "new.csv", format: "csv", separator: ";", quotes: "double" },
        ...{ header: true, encoding: "utf-8", rows: 3, textColumn: "review", guessed: true },
      },
      { type: "saved", file: "answers.csv", rows: 3, empty: 1, leftOut: 1 },
    ]);
    const rows = (await Deno.readTextFile(`${cwd}/answers.csv`)).split("\n");
    assertEquals([rows[0], rows[2]], ["id,review,label,probability", "2,!,,"]);
    const printed = await unroll(args, { cwd }); // only rows
    const keys = printed.out.trim().split("\n").map((line) => Object.keys(JSON.parse(line))[0]);
    assertEquals(keys, ["id", "id", "id"]);
  }));

Deno.test("conflicting flags, and files that would be overwritten, are errors", () =>
  withModel(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/new.csv`, "text\ngood\n");
    await Deno.symlink("new.csv", `${cwd}/link.csv`);
    const cases: [args: string, message: string][] = [
      ["--out a.csv good", "--out: is for a file; give --data FILE"],
      ["--text-column a good", "--text-column: is for a file; give --data FILE"],
      ["--data new.csv good", '"good": give texts or --data FILE, not both'],
      ["--data new.csv --attention", "--attention: is for texts, not for --data"],
      ["--data new.csv --out ./link.csv", "./link.csv: holds the texts; choose another --out"],
      [
        "--data new.csv --out model.safetensors",
        "model.safetensors: holds the model; choose another --out",
      ],
      ["--data new.csv --out no/a.csv", "no/a.csv: its folder does not exist; create it first"],
      ["--data no.csv --out a.csv", "no.csv: no such file; check its name and folder"],
    ];
    await Promise.all(cases.map(async ([args, message]) => {
      const { status, out, err } = await unroll(["predict", ...args.split(" ")], { cwd });
      assertEquals([status, out, err], [2, "", `error: ${message}\n`]);
    }));
    assertEquals(await filesIn(cwd), ["link.csv", "model.safetensors", "new.csv"]);
  }));

Deno.test("predict hints at --data if standard input looks like a table", () =>
  withModel(async (cwd) => {
    const note = async (input: string) =>
      (await unroll(["predict"], { cwd, input })).err.includes("pass a table as --data FILE");
    assertEquals(await note("text,label\ngood,up\n"), true);
    assertEquals(await note('id;"review text";stars\n1;good;5\n'), true);
    assertEquals(await note('{"text": "good"}\n'), true);
    assertEquals(await note("Yes, it is good\n"), false);
    assertEquals(await note("good\n"), false);
    assertEquals(await note("good.\n"), false);
  }));

Deno.test("predict --data writes each row of several batches once, in order", () =>
  withModel(async (cwd) => {
    const rows = Array.from({ length: 2501 }, (_, i) => `${i},${i % 2 ? "good" : "bad"}\n`);
    await Deno.writeTextFile(`${cwd}/new.csv`, `id,text\n${rows.join("")}`);
    const { status, err } = await unroll(["predict", "--data", "new.csv", "--out", "a.csv"], {
      cwd,
    });
    assertEquals([status, err], [0, ""]);
    const content = await Deno.readTextFile(`${cwd}/a.csv`);
    const written = parseExamples(content, { textColumn: "id" });
    assertEquals(written.map(({ text }) => text), rows.map((_, i) => String(i)));
    const { examples } = inspectData(content);
    const labels = new Map(examples.map(({ text, label }) => [text, label]));
    assertEquals(examples.every(({ text, label }) => labels.get(text) === label), true);
  }));

const isWindows = Deno.build.os === "windows"; // which has no signals

Deno.test({
  name: "predict --data stopped by a signal leaves no partial file, and keeps the old one",
  ignore: isWindows,
  fn: () =>
    withModel(async (cwd) => {
      await Deno.writeTextFile(`${cwd}/new.csv`, "text\n" + "good not bad\n".repeat(400_000));
      await Deno.writeTextFile(`${cwd}/a.csv`, "old");
      const child = start(["predict", "--data", "new.csv", "--out", "a.csv"], { cwd });
      for (;;) { // until it writes
        const files = await Array.fromAsync(Deno.readDir(cwd));
        const part = files.find(({ name }) => name.endsWith(".tmp"))?.name;
        const { size } = part ? await Deno.stat(`${cwd}/${part}`).catch(() => ({ size: 0 })) : {};
        if ((size ?? 0) > 0) break;
        await new Promise((done) => setTimeout(done, 5));
      }
      child.kill("SIGTERM");
      const { code, stdout, stderr } = await child.output();
      assertMatch(
        decode(stderr),
        /^Stopped after [\d,]+ rows of new\.csv; nothing was written\n$/,
      );
      assertEquals([code, decode(stdout)], [143, ""]);
      assertEquals(await filesIn(cwd), ["a.csv", "model.safetensors", "new.csv"]);
      assertEquals(await Deno.readTextFile(`${cwd}/a.csv`), "old");
    }),
});

for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test({
    name: `a command stopped by ${signal} while reading a file prints that, with status ${status}`,
    ignore: isWindows,
    fn: () =>
      withModel(async (cwd) => {
        await new Deno.Command("mkfifo", { args: [`${cwd}/pipe.csv`] }).output();
        const child = start(["evaluate", "--data", "pipe.csv"], { cwd });
        // Opening waits for the reader, which then waits for more lines.
        using pipe = await Deno.open(`${cwd}/pipe.csv`, { write: true });
        await pipe.write(new TextEncoder().encode("text,label\n"));
        await new Promise((done) => setTimeout(done, 100));
        child.kill(signal);
        const { code, stderr } = await child.output();
        assertEquals(
          [code, decode(stderr)],
          [status, "Stopped while reading pipe.csv; nothing was written\n"],
        );
      }),
  });
}

Deno.test({
  name: "a signal is handled while the thread is busy with a file",
  ignore: isWindows,
  async fn() {
    const reading = new URL("../../packages/cli/run/reading.ts", import.meta.url);
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "eval",
        `import { stoppable } from "${reading}";
         try {
           await stoppable("reading a.csv", async () => {
             await new Promise((done) => setTimeout(done, 20));
             Deno.kill(Deno.pid, "SIGTERM");
             for (const start = performance.now(); performance.now() - start < 300;);
           });
         } catch (error) {
           console.error(error.message);
           Deno.exit(error.status);
         }`,
      ],
    }).output();
    assertEquals(
      [code, decode(stderr)],
      [143, "Stopped while reading a.csv; nothing was written\n"],
    );
  },
});

Deno.test("stoppable() returns the result, and passes errors on", async () => {
  assertEquals(await stoppable("reading a", () => Promise.resolve(7)), 7);
  const error = await stoppable("reading a", () => Promise.reject(new TypeError("no"))).catch((e) =>
    e
  );
  assertEquals([error.name, error.message], ["TypeError", "no"]);
});
