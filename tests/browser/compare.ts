/**
 * Two runs side by side, and what a network remembers, in a real browser. Run by
 * `deno task test:browser`.
 *
 * @module
 */
import { assert, assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import { axProblems, contrastProblems } from "./a11y.ts";
import { cli, type Playground } from "./playground.ts";
import { pageTests } from "./page_tests.ts";
import type { Browser } from "./webdriver.ts";

// deno-lint-ignore no-explicit-any
declare const document: any;

let folder: string, browser: Browser, page: Playground;

const test = pageTests("", (opened) => {
  ({ folder, browser, page } = opened);
}, { inFirefox: true });

/** What a picture predicts after each word. */
const predictions = (picture: string) =>
  browser.eval((picture) => {
    const all = [...document.querySelectorAll(`${picture} .prediction`)];
    return all.map(({ textContent }) => textContent);
  }, picture);

const SHOWN = ".unrolled > .picture", KEPT = ".kept-picture .picture";

/** The rows of the table of two runs, by their names. */
async function twoRuns(): Promise<Record<string, string[]>> {
  const rows: string[][] = await browser.eval(() => {
    // deno-lint-ignore no-explicit-any
    const cells = (row: any) => [...row.children].map(({ textContent }) => textContent);
    return [...document.querySelectorAll(".two-runs tbody tr")].map(cells);
  });
  return Object.fromEntries(rows.map(([name, ...values]) => [name, values]));
}

/** The numbers of a table of memory. */
const memoryOf = (table: number): Promise<number[][]> =>
  browser.eval((table) => {
    const rows = [...document.querySelectorAll(".reaches")[table].querySelectorAll("tbody tr")];
    return rows.map((row) =>
      [...row.querySelectorAll("td")].map((cell) => Number(cell.style.getPropertyValue("--share")))
    );
  }, table);

/** Presses a button wherever it is: what loads below moves it in its first moments. */
const press = (css: string): Promise<void> =>
  browser.eval((css) => document.querySelector(css).click(), css);

test("a kept run is shown next to the next one, with its curves, and still predicts", async () => {
  await page.open();
  await page.until(() => document.querySelectorAll(".step").length === 6);
  const before = await predictions(SHOWN);
  await press("[data-act=keep]");
  await page.until(() => document.querySelectorAll(".kept-picture .step").length === 6);
  assertEquals(await predictions(KEPT), before);
  await page.choose("[name=hidden]", "16");
  await page.choose("[name=epochs]", "30");
  await page.phase("fresh");
  await page.train();
  await page.until(() => document.querySelectorAll(".learning .line.kept").length === 4);
  await page.until(() => document.querySelectorAll(".learning .line:not(.kept)").length === 4);
  assertEquals(await predictions(KEPT), before);
  assert((await predictions(SHOWN)).join() !== before.join());
  assertEquals(await page.text(".kept-picture .run-name"), "Kept: hidden size 64");
  const rows = await twoRuns();
  assertEquals(rows["Hidden size"], ["64", "16"]);
  assertEquals(rows["Epochs"], ["1,000", "30"]);
  assertEquals(rows["Test loss"][0], "0.0018");

  await page.choose(".asking input", "i am great right now"); // without “not”, of both
  await page.until(() => document.querySelectorAll(".kept-picture .step").length === 5);
  assertMatch((await predictions(KEPT)).at(-1)!, /^100%positive/);
  await browser.eval(() => document.querySelector("[data-pass=backward]").click());
  await page.until(() => document.querySelector(".kept-picture .steps.backward") !== null);

  await browser.eval(() => document.querySelector("[data-act=drop-kept]").click());
  await page.until(() => document.querySelector(".kept-picture").hidden);
  await page.until(() => document.querySelector(".learning .line.kept") === null);
});

test("RNN vs. LSTM: one button trains both, like the command line", async () => {
  await page.open();
  await press("[data-act=pair]");
  await page.until(() => /^LSTM/.test(document.querySelector(".two-runs td + td")?.textContent));
  await page.phase("done");
  await page.until(() =>
    document.querySelector(".two-runs tbody").textContent.includes("Test accuracy60.0%100%")
  );
  assertEquals(await page.text(".kept-picture .run-name"), "Kept: RNN");
  const saved = await page.saveModel();
  const files = ["memory.csv", "memory-test.csv"];
  for (const [i, part] of ["train", "test"].entries()) {
    const click = () => browser.click(`[data-part=${part}]`);
    await Deno.copyFile(await page.download(click, files[i]), `${folder}/${files[i]}`);
  }
  const command = await page.command();
  await cli(folder, ...command.split(" ").slice(2), "--out", "cli.safetensors");
  assertEquals(await Deno.readFile(saved), await Deno.readFile(`${folder}/cli.safetensors`));

  await page.until(() => { // what loads above may move it
    document.querySelector(".memory").scrollIntoView();
    return document.querySelectorAll(".reaches").length === 2;
  });
  await page.until(() => document.querySelectorAll(".memory-of .note").length === 2);
  assertEquals(
    await browser.eval(() =>
      [...document.querySelectorAll(".memory-of h3")].map(({ textContent }) => textContent)
    ),
    ["This network: LSTM", "The kept network: RNN"],
  );
  const [lstm, rnn] = [await memoryOf(0), await memoryOf(1)];
  assertGreater(lstm[0].at(-1)!, 0.8); // the first word is in its state at the end
  assertLess(rnn[0].at(-1)!, 0.4);
  assertEquals(lstm[1][0], 0);
  assertMatch(await page.text(".memory-of .note"), /depends most on “rain”: 0\.9/);

  if (browser.name !== "chromium") return;
  for (const value of ["light", "dark"]) {
    const features = [{ name: "prefers-color-scheme", value }];
    await browser.cdp("Emulation.setEmulatedMedia", { features });
    assertEquals(await axProblems(browser), []);
    assertEquals(await contrastProblems(browser), []);
  }
  await browser.cdp("Emulation.setEmulatedMedia", { features: [] });
  for (const width of [390, 320]) {
    const metrics = { width, height: 844, deviceScaleFactor: 1, mobile: true };
    await browser.cdp("Emulation.setDeviceMetricsOverride", metrics);
    await page.choose(".asking input", `rain ${"and then so on it goes ".repeat(5)}`);
    await page.until(() => { // what loads above may move it
      document.querySelector(".memory").scrollIntoView();
      return document.querySelectorAll(".memory-of.many").length === 2;
    });
    assertEquals(await browser.eval(() => document.documentElement.scrollWidth), width);
  }
  await browser.cdp("Emulation.clearDeviceMetricsOverride");
});

test("how far each word reaches is updated during training", async () => {
  await page.open({ set: "memory", hidden: 8, epochs: 400 });
  await page.until(() => { // what loads above may move it
    document.querySelector(".memory").scrollIntoView();
    return document.querySelector(".reaches td") !== null;
  });
  const shares = () =>
    browser.eval(() => {
      const cells = [...document.querySelectorAll(".reaches td")];
      return cells.map(({ style }) => style.getPropertyValue("--share")).join();
    });
  await page.until(() => document.querySelector(".memory .note").textContent !== "");
  const before = await shares();
  await browser.eval(() => document.querySelector(".play").click());
  await page.until((before) => {
    const cells = [...document.querySelectorAll(".reaches td")];
    return document.documentElement.dataset.phase === "running" &&
      cells.map(({ style }) => style.getPropertyValue("--share")).join() !== before;
  }, before);
  await browser.eval(() => document.querySelector(".play").click());
});

test("a unit's highest and lowest sentences show the picture's numbers", async () => {
  await page.open();
  await page.until(() => { // what loads above may move it
    document.querySelector(".unit-sentences").scrollIntoView();
    return document.querySelectorAll(".concordance button").length === 10;
  });
  assertMatch(await page.text(".of-unit"), /Among all 82/);
  await page.choose(".unit-detail input", "3");
  await page.until(() => /unit 3$/.test(document.querySelector(".of-unit h3").textContent));
  const [text, word, value] = await browser.eval(() => {
    const row = document.querySelectorAll(".concordance button")[9];
    const [, text] = /“(.*?)”/.exec(row.getAttribute("aria-label"))!;
    return [text, row.querySelector("b").textContent, row.querySelector(".number").textContent];
  });
  await browser.eval(() => document.querySelectorAll(".concordance button")[9].click());
  await page.until((text) => document.querySelector(".asking input").value === text, text);
  await page.until((spoken) => {
    const curve = document.querySelector(".curve").getAttribute("aria-label");
    return curve.startsWith("Unit 3 ") && curve.includes(spoken);
  }, `${word}: ${value}`);
});
