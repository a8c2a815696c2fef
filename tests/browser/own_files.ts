/**
 * The visitor's own files in the playground, beside the command line on the same bytes. Run by
 * `deno task test:browser`.
 *
 * @module
 */
import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import { axProblems, contrastProblems } from "./a11y.ts";
import { dropFiles, type DroppedFile } from "./files.ts";
import { eventually } from "./browser.ts";
import { type Playground, shell } from "./playground.ts";
import { pageTests } from "./page_tests.ts";
import type { Browser } from "./webdriver.ts";

// deno-lint-ignore no-explicit-any
declare const document: any, MutationObserver: any;

const LONGEST_TASK = 50; // milliseconds

let folder: string, browser: Browser, page: Playground;

const test = pageTests("", (opened) => {
  ({ folder, browser, page } = opened);
}, { inFirefox: true });

const NO_LONG_TASKS = { notInFirefox: "it reports no long tasks" };
const NO_FOLDERS = { notInFirefox: "no protocol drops a folder on it" };

const drop = (files: DroppedFile[]) => dropFiles(browser, folder, files);

const isRead = () => (document.querySelector(".readings")?.textContent ?? "") !== "";

async function use(): Promise<void> {
  await browser.click("dialog.data .primary");
  await page.discard();
  await page.until(() => document.querySelector(".setup select").value === "own");
}

/** The texts of elements. */
const texts = (css: string): Promise<string[]> =>
  browser.eval((css) => [...document.querySelectorAll(css)].map((each) => each.textContent), css);

/** Trains in the page and by the command that it gives, which must make the same model. */
async function trainBoth(epochs = 2): Promise<string> {
  await page.choose("[name=epochs]", `${epochs}`);
  await page.train();
  const saved = await Deno.readFile(await page.saveModel());
  const { code, out, err } = await shell(folder, `${await page.command()} --out cli.safetensors`);
  assertEquals([code, err.includes("error")], [0, false], err);
  assertEquals(await Deno.readFile(`${folder}/cli.safetensors`), saved);
  const [count] = /\d+ training sentences?(, \d+ validation)?/.exec(await page.text(".setup"))!;
  const [first, more] = count.match(/\d+/g)!;
  assert(out.includes(` on ${first} sentences${more ? `, ${more} for validation` : ""}`), out);
  return err;
}

const SENTENCES = Array.from(
  { length: 12 },
  (_, i) =>
    [`${i % 2 ? "very good" : "not so good, but"} said ${i}`, i % 2 ? "up" : "down"] as const,
);

test("semicolons and no header: the copied command reads the same rows, with the same notes", async () => {
  await page.open();
  const content = SENTENCES.map(([text, label]) => `${text};${label}\n`).join("");
  await drop([{ name: "Reviews (new).csv", content }]);
  await page.until(isRead);
  const [line] = await texts(".readings p");
  assertEquals(
    line,
    "Reviews (new).csv: CSV with semicolons, no header, 12 rows; texts in column 1, labels in " +
      "column 2",
  );
  const fields = await browser.eval(() =>
    [...document.querySelectorAll(".columns select")].map(({ dataset, value }) =>
      `${dataset.field}=${value}`
    )
  );
  assertEquals(fields, [
    "format=csv",
    "encoding=",
    "separator=;",
    "quotes=",
    "header=false",
    "textColumn=1",
    "labelColumn=2",
  ]);
  if (browser.name === "chromium") { // no protocol gives Firefox's accessibility tree
    const problems = await axProblems(browser); // of the dialog alone, whose title is of level 2
    assertEquals(problems, ["heading from 0 to 2: Your own data"]);
  }
  assertEquals(await contrastProblems(browser), []);
  await use();
  assertEquals((await trainBoth()).trim(), line);
  assertMatch(await page.command(), / --data 'Reviews \(new\)\.csv' /);

  // The columns the other way round: all is said.
  await drop([{ name: "Reviews (new).csv", content }]);
  await page.until(isRead);
  await page.choose("[data-field=textColumn]", "2");
  await page.until(() => document.querySelector("[data-field=textColumn]").value === "2");
  await page.choose("[data-field=labelColumn]", "1");
  await page.until(() =>
    /labels in column 1/.test(document.querySelector(".readings").textContent)
  );
  await use();
  const flags = / --separator semicolon --no-header --text-column 2 /;
  // The data in use is own data already, so the new command is what says that it has changed.
  await eventually(async () => flags.test(await page.command()) || undefined, 20_000);
  await trainBoth();
});

test("Latin-1 is detected, can be changed, and is in the command", async () => {
  await page.open();
  const content = SENTENCES.map(([text, label], i) => `"${text} caf\xe9",${label}${i % 3}\n`).join(
    "",
  );
  const latin = Uint8Array.from(`text,label\n${content}`, (each) => each.charCodeAt(0));
  await drop([{ name: "menu.csv", content: latin }]);
  await page.until(isRead);
  assertMatch(await page.text(".found td"), /café/);
  const reading = 'menu.csv: CSV, header, 12 rows; texts in "text", labels in "label"';
  assertEquals(await page.text(".readings"), `${reading}; not UTF-8, so read as Latin-1`);
  await page.choose("[data-field=encoding]", "utf-8"); // the fields stay where it cannot be read
  await page.until(() => !document.querySelector("dialog.data .error").hidden);
  assertMatch(await page.text("dialog.data .error"), /^menu.csv:2: not UTF-8: the byte E9 at/);
  assertEquals(
    await browser.eval(() => document.querySelector("dialog.data .primary").disabled),
    true,
  );
  await page.choose("[data-field=encoding]", "");
  await page.until(() => document.querySelector("dialog.data .error").hidden);
  await use();
  assertMatch(await page.command(), /train --data menu.csv --encoding latin1 --cell/);
  assertEquals(await trainBoth(), "");
});

test("CoNLL: words are tagged as by the copied command", async () => {
  await page.open();
  const content = Array.from(
    { length: 9 },
    (_, i) => `Anna NNP B-NP B-PER\nsleeps VBZ B-VP O\n${i % 2 ? "long RB B-ADVP O\n" : ""}\n`,
  ).join("");
  await drop([{ name: "tags.txt", content: `-DOCSTART- -X- -X- O\n\n${content}` }]);
  await page.until(isRead);
  assertEquals(
    await page.text(".readings"),
    'tags.txt: CoNLL, 9 rows; texts in "text", labels in "label"',
  );
  await use();
  assertMatch(await page.command(), /train --data tags.txt --cell .* --head token/);
  const said = await trainBoth();
  assertEquals(
    said.trim(),
    "tags.txt: read as CoNLL, based on its content; give --format if " +
      "that is wrong",
  );
});

test("unusable rows are skipped as on the command line, and a file of such rows is refused", async () => {
  await page.open();
  const rows = SENTENCES.map(([text, label]) => `"${text}",${label}\n`).join("");
  const bad = ":),up\na,b,c\n";
  await drop([{ name: "some.csv", content: `text,label\n${rows}${bad}` }, {
    name: "more.jsonl",
    content: '{"text": "so so", "label": "down"}\n',
  }]);
  await page.until(isRead);
  assertEquals((await texts(".readings p")).length, 2);
  const problems = await texts(".problems h3, .problems li");
  assertEquals(problems.map((line) => line.split(";")[0]), [
    "some.csv: left out 2 of 14 rows",
    'Line 14: the text ":)" has no words',
    "Line 15: 3 fields where the header has 2",
  ]);
  assertEquals((await texts(".found > h3, .found > h3 + .note")).slice(0, 2), [
    "13 examples can be used",
    "2 rows are left out; the reasons are below.",
  ]);
  await use();
  const said = await trainBoth();
  assertEquals(said.trim().split("\n").map((line) => line.split(";")[0]), [
    "some.csv: left out 2 of 14 rows",
    '  some.csv:14: the text ":)" has no words',
    "  some.csv:15: 3 fields where the header has 2",
  ]);
  assertMatch(await page.command(), /--data some.csv --data more.jsonl --cell/);

  await drop([{ name: "wrong.csv", content: `text,label\n${"a|b\n".repeat(9)}good,up\n` }]);
  await page.until(() => !document.querySelector("dialog.data .error").hidden);
  const error = await page.text("dialog.data .error");
  assertMatch(
    error,
    /; 9 of 10 rows cannot be used, .*; the file looks like values separated by \|$/,
  );
  assertEquals(
    await browser.eval(() => document.querySelector("dialog.data .primary").disabled),
    true,
  );
});

test("on a phone the dialog is no wider than the screen, for any column name", async () => {
  await browser.resize({ width: 390, height: 844, pixelRatio: 2, isPhone: true });
  await page.open();
  const header = `text,${"a name that goes on and on ".repeat(4)}\n`;
  await drop([{
    name: `${"a-long-name-".repeat(8)}.csv`,
    content: `${header}so good,up\nbad,x\n`,
  }]);
  await page.until(isRead);
  const [visible, all] = await browser.eval(() => {
    const { clientWidth, scrollWidth } = document.querySelector("dialog.data");
    return [clientWidth, scrollWidth];
  });
  assertEquals(all, visible);
  await browser.resize();
});

test("the data files of a folder are read in the order of their names", async () => {
  await page.open();
  const two = "text,label\nso good,up\nso bad,down\n";
  await Deno.mkdir(`${folder}/own data/more`, { recursive: true });
  for (const name of ["b.csv", "a.csv", ".c.csv"]) {
    await Deno.writeTextFile(`${folder}/own data/${name}`, two);
  }
  await Deno.writeTextFile(`${folder}/own data/about.txt`, "no data");
  const data = { items: [], files: [`${folder}/own data`], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await browser.cdp("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
  }
  await page.until(isRead);
  await use();
  await trainBoth();
  assertMatch(await page.command(), / --data 'own data\/a.csv' --data 'own data\/b.csv' --cell/);
}, NO_FOLDERS);

test("a run on own data is offered again after a reload, with the same command", async () => {
  await page.open();
  await drop([{ name: "again.csv", content: "text|label\ngood|up\nbad|down\nso good|up\n" }]);
  await page.until(isRead);
  await page.choose("[data-field=quotes]", "none");
  await page.until(() => document.querySelector("[data-field=quotes]").value === "none");
  await page.until(() => !document.querySelector("dialog.data .primary").disabled);
  await use();
  await trainBoth();
  const command = await page.command();
  assertMatch(command, / --format csv --quotes none /);
  await new Promise((wake) => setTimeout(wake, 800)); // it is kept about once a second
  await page.open({}, { keep: true });
  assertMatch(await page.text(".offer"), /“Your own”: epoch 2 of 2/);
  await browser.click(".go-on");
  await page.until(() => document.querySelector(".setup select").value === "own");
  assertEquals(await page.command(), command);
});

test("HTML is stripped if that is checked, with the flag in the command", async () => {
  await page.open();
  const rows = "so <b>good</b>,up\nbad<br>so,down\n<br>,up\nvery good,up\nso bad,down\n";
  await drop([{ name: "web.csv", content: `text,label\n${rows}` }]);
  await page.until(isRead);
  assertMatch(await page.text("dialog.data .found"), /or check “Strip HTML” under/);
  await use();
  await browser.eval(() => {
    const box = document.querySelector("[name=stripHtml]");
    box.checked = true;
    box.dispatchEvent(new Event("change"));
  });
  await page.until(() => /4 training sentences/.test(document.querySelector(".setup").textContent));
  assertMatch(await page.command(), / --data web.csv .*--strip-html( |$)/);
  await trainBoth();
});

test("a large file is read in chunks, without a long task, until it is canceled", async () => {
  await page.open();
  const row = "not a very good film, or so they say;down\nit was good;up\n";
  await Deno.writeTextFile(`${folder}/large.csv`, `text;label\n${row.repeat(300_000)}`);
  await browser.eval(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { tasks });
    const note = (list: PerformanceObserverEntryList) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    };
    new PerformanceObserver(note).observe({ entryTypes: ["longtask"] });
  });
  await page.openData();
  await browser.type("dialog.data input[type=file]", `${folder}/large.csv`);
  await page.until(() => /of 17 MB read/.test(document.querySelector(".progress").textContent));
  await browser.eval(() => document.querySelector(".progress button").click());
  assertEquals(await browser.eval(() => document.querySelector(".progress").hidden), true);
  const start = Date.now();
  await drop([{ name: "small.csv", content: "text,label\ngood,up\nbad,down\n" }]);
  await page.until(isRead);
  assertLess(Date.now() - start, 10_000);
  assertMatch(await page.text(".readings"), /^small.csv: CSV, header, 2 rows/);
  // deno-lint-ignore no-explicit-any
  const tasks = await browser.eval(() => (globalThis as any).tasks);
  assertEquals(tasks.filter((task: number) => task > LONGEST_TASK), []);
}, NO_LONG_TASKS);

test("a text of 400 kB can be continued, and the picture shows its beginning", async () => {
  await page.open();
  const content = "It was a dark and stormy night; the rain fell in torrents.\n".repeat(7000);
  await page.openData();
  await page.choose("dialog.data select", "language-model");
  await Deno.writeTextFile(`${folder}/night.txt`, content);
  await browser.type("dialog.data input[type=file]", `${folder}/night.txt`);
  await page.until(isRead);
  assertEquals(await page.text(".readings"), "night.txt: one text, 413,000 characters");
  await use();
  assertMatch(await browser.eval(() => document.querySelector(".asking input").value), /^It was a/);
  await page.until(() => document.querySelector(".written").textContent !== "");
  assertEquals(await page.notices(), "");
  await browser.click("[data-act=step]");
  await page.phase("paused");
});

test("a text of 5 MB loads soon, starts training, and its first epoch survives a reload", async () => {
  await page.open();
  const line = "It was a dark and stormy night; the rain fell in torrents.\n";
  const content = Array.from({ length: 80_000 }, (_, i) => `${i} ${line}`).join("");
  await page.openData();
  await page.choose("dialog.data select", "language-model");
  await Deno.writeTextFile(`${folder}/large.txt`, content);
  await browser.type("dialog.data input[type=file]", `${folder}/large.txt`);
  await page.until(isRead);
  const start = Date.now();
  await use();
  console.log(`ready after ${Date.now() - start} ms`);
  await page.until(() => document.querySelector(".written").textContent !== "");
  await new Promise((wake) => setTimeout(wake, 1500)); // a visitor has seen what it wrote
  const started = await browser.eval(() => {
    const root = document.documentElement, from = performance.now();
    return new Promise<number>((done) => {
      const attributeFilter = ["data-phase"];
      new MutationObserver(() => done(performance.now() - from)).observe(root, { attributeFilter });
      document.querySelector(".play").click();
    });
  });
  console.log(`running after ${Math.round(started)} ms`);
  assertLess(started, 200);
  await page.until(() => /Training/.test(document.querySelector(".transport").textContent));
  await page.until(() => document.querySelector(".transport progress").value > 0);
  await browser.click(".play");
  await page.phase("paused");
  assertMatch(await page.text(".transport"), /Paused in epoch 1, at [\d,]+ of 4,/);
  const [, at] = /at ([\d,]+) of/.exec(await page.text(".transport"))!;
  await new Promise((wake) => setTimeout(wake, 1500)); // it is kept about once a second
  assertEquals(await page.notices(), "");
  await page.open({}, { keep: true });
  await browser.click(".go-on");
  await page.until(() => document.querySelector(".setup select").value === "own");
  await page.until(
    (at) =>
      document.querySelector(".transport").textContent.includes(`Paused in epoch 1, at ${at}`),
    at,
  );
});
