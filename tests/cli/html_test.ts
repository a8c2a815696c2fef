/** HTML in texts, and reports of how files were read. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { inFolder, unroll } from "./helpers.ts";

const ROWS = [
  ['"<p>so <b>good</b> &amp; fine</p>"', "up"],
  ["<br>bad<br />", "down"],
  ["very good", "up"],
  ["so bad &quot;x&quot;", "down"],
];

const table = (separator: string, header = "text,label") =>
  `${header.replace(",", separator)}\n${ROWS.map((row) => `${row.join(separator)}\n`).join("")}`;

const read = ["train", "--epochs", "1", "--data"];

Deno.test("--strip-html removes tags, and the model does the same with new texts", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.csv`, table(","));
    const before = await unroll([...read, "own.csv"], { cwd });
    assertStringIncludes(before.err, "warning: own.csv: 3 of 4 texts contain HTML");
    assertStringIncludes(before.err, "remove it, or train with --strip-html\n");
    assertStringIncludes(before.out, "11 words");
    const { status, out, err } = await unroll([...read, "own.csv", "--strip-html"], { cwd });
    assertEquals([status, err], [0, ""]);
    assertStringIncludes(out, "6 words");
    const asked = await unroll(["predict", "<B>GOOD</B>&nbsp;x<br>"], { cwd });
    assertEquals([asked.status, asked.out.includes("not known")], [0, false]);
    const empty = await unroll(["predict", "<br>"], { cwd });
    assertEquals(empty.status, 2);
    assertStringIncludes(empty.err, '"<br>" has no words');
    const more = await unroll([...read, "own.csv", "--from", "model.safetensors"], { cwd });
    assertEquals([more.status, more.err], [0, ""]);
    const settled = await unroll(["train", "--from", "model.safetensors", "--strip-html"], { cwd });
    assertEquals(settled.status, 2);
    assertStringIncludes(settled.err, "--strip-html: is fixed by the model of --from");
  }));

Deno.test("--strip-html also works for language models and translation", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.txt`, "<p>ab&lt;ab</p>\n".repeat(30));
    await Deno.writeTextFile(`${cwd}/pairs.csv`, table(",", "source,target"));
    const train = [...read, "own.txt", "--strip-html", "--task", "language-model"];
    const written = await unroll([...train, "--json"], { cwd });
    assertEquals([written.status, written.err], [0, ""]);
    assertStringIncludes(written.out, '"known":4,'); // a, b, < and the line break
    const shown = await unroll(train, { cwd });
    assertStringIncludes(shown.out, "on 162 characters, 18 for validation: 4 different");
    const test = await unroll(["evaluate", "--data", "own.txt"], { cwd });
    assertEquals([test.status, test.out.includes("unknown")], [0, false]);
    const pairs = [...read, "pairs.csv", "--strip-html", "--task", "translate"];
    assertStringIncludes(
      (await unroll(pairs, { cwd })).out,
      "17 different characters in the sources",
    );
    const asked = await unroll(["predict", "<b>good</b>"], { cwd });
    assertEquals([asked.status, asked.out.includes("not known")], [0, false]);
  }));

Deno.test("train --json and evaluate --json report how each file was read, detected or not", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.csv`, table(","));
    const rows = "so, so good;up\nbad;down\n".repeat(2);
    await Deno.writeTextFile(`${cwd}/eu.csv`, `review;stars\n${rows}`);
    const trained = await unroll([...read, "own.csv", "--data", "eu.csv", "--json"], { cwd });
    const events = trained.out.trim().split("\n").map((line) => JSON.parse(line));
    const own = {
      file: "own.csv",
      format: "csv",
      separator: ",",
      quotes: "double",
      header: true,
      encoding: "utf-8",
      rows: 4,
      textColumn: "text",
      labelColumn: "label",
      guessed: false,
    };
    const columns = { textColumn: "review", labelColumn: "stars" };
    const eu = { ...own, file: "eu.csv", separator: ";", ...columns, guessed: true };
    assertEquals(events.slice(0, 2), [own, eu].map((each) => ({ type: "reading", ...each })));
    const evaluated = await unroll(["evaluate", "--data", "eu.csv", "--json"], { cwd });
    assertEquals(JSON.parse(evaluated.out).readings, [eu]);
    await Deno.writeTextFile(`${cwd}/own.txt`, "abcab".repeat(30));
    const train = [...read, "own.txt", "--task", "language-model", "--json"];
    const [first] = (await unroll(train, { cwd })).out.split("\n");
    const text = { file: "own.txt", format: "text", encoding: "utf-8", rows: 1, guessed: false };
    assertEquals(JSON.parse(first), { type: "reading", ...text });
  }));
