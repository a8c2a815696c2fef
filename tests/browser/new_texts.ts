/**
 * What the playground's networks are used for: new texts, the baseline, the report; beside the
 * command line on the same files. Run by `deno task test:browser`.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { axProblems, contrastProblems } from "./a11y.ts";
import { dropFiles, type DroppedFile } from "./files.ts";
import { cli, type Playground, shell } from "./playground.ts";
import { pageTests } from "./page_tests.ts";
import type { Browser } from "./webdriver.ts";

// deno-lint-ignore no-explicit-any
declare const document: any, DataTransfer: any, ClipboardEvent: any;

let folder: string, browser: Browser, page: Playground;

const test = pageTests("", (opened) => {
  ({ folder, browser, page } = opened);
}, { inFirefox: true });

const drop = (files: DroppedFile[]) => dropFiles(browser, folder, files);

const GOOD = ["works", "great", "love", "fine"], BAD = ["broken", "late", "awful", "refund"];

/** Support mails: of every fifty rows one cannot be used. */
function mails(count: number): string {
  const rows = Array.from({ length: count }, (_, i) => {
    if (i % 50 === 49) {
      return i % 100 === 99 ? "???,complaint\n" : "a row, with, five, fields, more\n";
    }
    const isGood = i % 2 === 0, isOdd = (i * 7919) % 17 < 2; // a few are labeled by mistake
    const word = (isGood ? GOOD : BAD)[(i >> 1) % 4];
    const label = isGood === isOdd ? "complaint" : "praise";
    return `"order ${i % 97}: the parcel is ${word}, thanks",${label}\n`;
  });
  return `text,label\n${rows.join("")}`;
}

/** Reads own data, and trains on it. */
async function trainOn(file: DroppedFile, epochs: number): Promise<void> {
  await page.open();
  await drop([file]);
  await page.until(() => (document.querySelector(".readings")?.textContent ?? "") !== "");
  await browser.click("dialog.data .primary");
  await page.until(() => document.querySelector(".setup select").value === "own");
  await page.choose("[name=epochs]", `${epochs}`);
  await page.train();
}

const SMALL_TAGS = "text,label\n" + "Anna sleeps,PER O\nBob runs,PER O\n".repeat(6);

/** Opens the dialog of own data for a task. */
async function openData(task: string): Promise<void> {
  await page.openData();
  await page.choose("dialog.data select", task);
}

async function openBatch(): Promise<void> {
  // Pressed where it is: pictures above it may come and go between finding it and a click.
  await browser.eval(() => document.querySelector("[data-use=predict]")!.click());
  await page.until(() => document.querySelector("dialog.batch[open]") !== null);
}

const isPredicted = () => document.querySelector(".batch [data-act=download]") !== null;

test("2,000 rows with invalid lines: from file to predictions, like the command line", async () => {
  await trainOn({ name: "mails.csv", content: mails(2000) }, 2);
  const command = await page.command();
  const model = await page.saveModel();
  const { code, err } = await shell(
    folder,
    `${command} --out cli.safetensors --report cli.html`,
  );
  assertEquals(code, 0, err);
  assertMatch(err, /left out 40 of 2000 rows/);
  assertEquals(await Deno.readFile(`${folder}/cli.safetensors`), await Deno.readFile(model));

  // The linear baseline is the command line's.
  await page.until(() => /accuracy of \d/.test(document.querySelector(".baseline").textContent));
  const baseline = /accuracy of ([\d.]+%)/.exec(await page.text(".baseline"))![1];
  const { out } = await shell(
    folder,
    `${command.replace("--baseline no", "")} --out b.safetensors`,
  );
  const [said] = /.*linear model on n-grams.*accuracy.*/i.exec(out)!;
  assert(said.includes(baseline) && baseline !== "100%", `${baseline}: ${said}`);

  // A list of new texts, to which a link leads from the results.
  await browser.click(".evaluation [data-act=use]");
  const focused = () => {
    const { top, bottom } = document.activeElement.getBoundingClientRect();
    return [
      document.activeElement.dataset.use,
      top > 0 && bottom < document.documentElement.clientHeight,
    ];
  };
  assertEquals(await browser.eval(focused), ["predict", true]);
  await openBatch();
  const list = "the parcel is broken\n\nzzz qqq\nlove it, works great zzz\n=1+1 broken";
  await page.choose(".batch textarea", list);
  await browser.click(".batch .primary");
  await page.until(isPredicted);
  assertMatch(await page.text(".batch"), /4 texts predicted\. 1 without a known word: no answer/);
  assertEquals(await contrastProblems(browser), []);
  const download = () => browser.click(".batch [data-act=download]");
  const listed = await Deno.readTextFile(await page.download(download, "predictions.csv"));
  const lines = listed.trim().split("\n");
  assertEquals(lines[0], "text,label,probability,unknown_words");
  assertEquals(lines[2], "zzz qqq,,,zzz qqq");
  assertMatch(lines[3], /^"love it, works great zzz",praise,0\.\d+,.*zzz$/);
  assertMatch(lines[4], /^'=1\+1 broken,complaint,/);

  // A file: its rows with the command line's predictions behind them.
  const rows = Array.from({ length: 300 }, (_, i) => `${i};it is ${[...GOOD, ...BAD][i % 8]}\n`);
  await drop([{ name: "new.csv", content: `id;message\n${rows.join("")}` }]);
  await page.until(() => /300 texts predicted/.test(document.querySelector(".batch").textContent));
  assertMatch(await page.text(".batch"), /new.csv: CSV with semicolons, header, 300 rows/);
  const predicted = await Deno.readTextFile(await page.download(download, "predictions.csv"));
  await cli(folder, "predict", "--model", model, "--data", "new.csv", "--out", "cli.csv");
  const expected = await Deno.readTextFile(`${folder}/cli.csv`);
  const withoutUnknown = predicted.replace(/,[^,\n]*$/gm, "");
  assertEquals(withoutUnknown, expected);
  await browser.eval(() => document.querySelector(".batch").close());

  // The report is the command line's.
  const report = () => browser.click("[data-use=report]");
  const html = await Deno.readTextFile(await page.download(report, "report.html"));
  assertEquals(html, await Deno.readTextFile(`${folder}/cli.html`));
});

test("a text without known words is reported, and has no probability", async () => {
  await page.open();
  assertMatch(await page.text(".answered"), /^negative\d/);
  await page.choose(".asking input", "zzz qqq");
  await page.until(() => document.querySelectorAll(".step .word").length === 2);
  await page.until(() => /^–/.test(document.querySelector(".answered").textContent));
  assertMatch(await page.text(".answered"), /^–no known word$/);
  assertEquals(
    await browser.eval(() =>
      [...document.querySelectorAll(".percent, .prediction .label")].map(({ textContent }) =>
        textContent
      ).join("")
    ),
    "––––",
  );
  await page.choose(".asking input", "zzz great");
  await page.until(() => /positive/.test(document.querySelector(".answered").textContent));
  assertEquals(await page.text(".percent"), "–");
});

test("an empty text fades the previous picture, and has no prediction", async () => {
  await page.open();
  for (const nothing of ["", "?!"]) {
    await page.choose(".asking input", nothing);
    await page.until(() => document.querySelector(".picture.unread") !== null);
    assertEquals(await page.text(".answered"), "");
    await page.choose(".asking input", "i am great");
    await page.until(() => document.querySelector(".picture.unread") === null);
    await page.until(() => /positive/.test(document.querySelector(".answered").textContent));
  }
});

test("a sentence of 3,000 words is not truncated in its field; the picture reports its part", async () => {
  await page.open();
  const sentence = "i am great ".repeat(1000).trim();
  await browser.type(".asking input", "");
  await page.choose(".asking input", sentence);
  await page.until(() => document.querySelectorAll(".step .word").length === 60);
  assertMatch(await page.text("section.unrolled"), /The first 60 words are read and shown\./);
  await page.open({ set: "names" });
  await page.choose(".asking input", "abcdefghij".repeat(10));
  await page.until(() =>
    /The first 60 characters are/.test(document.querySelector("section.unrolled").textContent)
  );
});

test("a paste that is longer than the field is reported", async () => {
  await page.open();
  await browser.eval((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text", text);
    const paste = new ClipboardEvent("paste", { clipboardData });
    document.querySelector(".asking input").dispatchEvent(paste);
  }, "a".repeat(120_000));
  assertMatch(await page.notices(), /Only the first 100,000 of 120,000 characters were pasted/);
}, { notInFirefox: "a paste of a script has no data there" });

for (
  const [task, content, list, header] of [
    ["classification", SMALL_TAGS, "Anna sleeps", "text,words,labels,unknown_words"],
    ["translate", "source,target\none,1\ntwo,2\nsix,6\nten,10\n", "two\nsix", "text,target,pro"],
  ]
) {
  test(`new texts of a model for ${header}, and its report`, async () => {
    await page.open();
    await openData(task);
    await page.choose("dialog.data textarea", content);
    await browser.eval(() => document.querySelector("dialog.data p .small").click());
    await page.until(() => !document.querySelector("dialog.data .primary").disabled);
    await browser.click("dialog.data .primary");
    await page.phase("fresh");
    await page.choose("[name=epochs]", "1");
    await page.train();
    await openBatch();
    await page.choose(".batch textarea", list);
    await browser.click(".batch .primary");
    await page.until(isPredicted);
    const download = () => browser.click(".batch [data-act=download]");
    const csv = await Deno.readTextFile(await page.download(download, "predictions.csv"));
    assertEquals(csv.slice(0, header.length), header);
    await browser.eval(() => document.querySelector(".batch").close());
    const report = () => browser.click("[data-use=report]");
    const html = await Deno.readTextFile(await page.download(report, "report.html"));
    assertMatch(html, /Learning curves/);
  });
}

test("a language model has no new texts to predict, but a report of its texts", async () => {
  await page.open({ set: "names", epochs: 1 });
  await page.train();
  assertEquals(await browser.eval(() => document.querySelector("[data-use=predict]").hidden), true);
  const report = () => browser.click("[data-use=report]");
  const html = await Deno.readTextFile(await page.download(report, "report.html"));
  assertMatch(html, /At temperature 0.8/);
});

test("a built-in set is compared with the linear baseline on request", async () => {
  await page.open();
  await page.until(() => document.querySelector(".confusion") !== null); // above the button
  await browser.click("[data-act=baseline]");
  await page.until(() => /accuracy of \d/.test(document.querySelector(".baseline").textContent));
  if (browser.name === "chromium") assertEquals(await axProblems(browser), []);
});
