/**
 * The numbers of what is drawn in a real browser: equations, tooltips, tables and each word's share.
 * Run by `deno task test:browser`.
 *
 * @module
 */
import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { axProblems, contrastProblems } from "./a11y.ts";
import { cli, type Playground } from "./playground.ts";
import { pageTests } from "./page_tests.ts";
import type { Browser } from "./webdriver.ts";

// deno-lint-ignore no-explicit-any
declare const document: any, Event: any, KeyboardEvent: any;

const ROUNDED = 0.0021; // four numbers with three digits, and what rounds off them

let folder: string, browser: Browser, page: Playground;
const test = pageTests("", (opened) => ({ folder, browser, page } = opened), {
  args: ["--window-size=1440,1000"], // where there is room, the equations are open at first
  inFirefox: true,
});
const NO_POINTER = { notInFirefox: "the pointer is moved by Chromium's protocol" };

/** Moves the mouse to a place of an element. */
async function point(css: string, x: number, y: number, index = 0): Promise<void> {
  const [left, top] = await browser.eval(
    (css, x, y, index) => {
      const element = document.querySelectorAll(css)[index];
      element.scrollIntoView({ block: "center" });
      const box = element.getBoundingClientRect();
      return [box.left + x * box.width, box.top + y * box.height];
    },
    css,
    x,
    y,
    index,
  );
  for (const by of [2, 1, 0]) { // the first move may come while the tooltip is loaded
    const at = { type: "mouseMoved", x: left + by / 4, y: top };
    await browser.cdp("Input.dispatchMouseEvent", at);
    await new Promise((wake) => setTimeout(wake, 150));
  }
}

const press = (key: string) => browser.press(key);

const tooltip = () => page.text(".tooltip:not([hidden]) span");

/** The numbers in bold of an equation, in their order. */
function numbersIn(index = 0, css = ".lines .worked-line"): Promise<number[]> {
  return browser.eval(
    (css, index) => {
      const line = document.querySelectorAll(css)[index];
      return [...line.querySelectorAll("b")].map(({ textContent }: { textContent: string }) =>
        Number(textContent.replaceAll("−", "-"))
      );
    },
    css,
    index,
  );
}

async function untilPlace(place: string): Promise<void> {
  await page.until(
    (place) => document.querySelector(".step-numbers .place")?.textContent === place,
    place,
  );
}

test("hovering over a strip shows its equation, with the network's numbers", async () => {
  await page.open();
  await page.until(() => document.querySelector(".lines .worked-line") !== null);
  await point(".strip canvas", 0.5, 20.5 / 64, 3);
  await untilPlace("“great”, unit 20");
  const shown = await tooltip();
  assertMatch(shown, /^h after “great”, unit 20: −?\d\.\d+$/);
  const state = Number(shown.split(": ")[1].replace("−", "-"));
  await page.until(
    (state) => {
      const result = document.querySelector(".lines .result")?.textContent;
      return Number(result?.replace("−", "-")) === state;
    },
    state,
  );
  const [input, before, bias, sum, h] = await numbersIn();
  assertAlmostEquals(input + before + bias, sum, ROUNDED);
  assertAlmostEquals(Math.tanh(sum), h, ROUNDED);
  const parts = await browser.eval(() =>
    [...document.querySelectorAll(".worked > div:nth-child(2) li b")].map(({ textContent }) =>
      Number(textContent.replaceAll("−", "-"))
    )
  );
  assertEquals(parts.length, 1 + 5 + 1 + 1); // the word, five units, the others, the bias
  assertAlmostEquals(parts.reduce((a, b) => a + b), sum, 0.005);
  const sizes = parts.slice(1, 6).map(Math.abs);
  assertEquals(sizes, sizes.toSorted((a, b) => b - a));

  const softmax = await browser.eval(() =>
    [...document.querySelectorAll(".softmax tbody td:nth-of-type(2)")].map(({ textContent }) =>
      Number(textContent)
    )
  );
  assertAlmostEquals(softmax[0] + softmax[1], softmax[2], 0.1);
  assertEquals(await axProblems(browser), []);
  assertEquals(await contrastProblems(browser), []);
}, NO_POINTER);

test("on a focused word, the arrow keys go from unit to unit, and from word to word", async () => {
  await page.open();
  await page.until(() => document.querySelector(".lines .worked-line") !== null);
  await browser.eval(() => document.querySelector(".steps .word").focus());
  await untilPlace("“i”, unit 48");
  await press("ArrowDown");
  await untilPlace("“i”, unit 49");
  await press("ArrowRight");
  await untilPlace("“am”, unit 49");
});

test("the gradient of a unit, and the loss if the correct label is known", async () => {
  await page.open();
  await page.predictions("it is not fine");
  await browser.click("[data-pass=backward]");
  await browser.eval(() => document.querySelectorAll(".steps .word")[3].focus());
  await page.until(() => /Loss/.test(document.querySelector(".loss-line")?.textContent ?? ""));
  await page.until(() => /^dL/.test(document.querySelector(".lines .worked-line").textContent));
  const [above, dh] = await numbersIn(); // at the last word, nothing comes from the next
  assertEquals(above, dh);
  const loss = (await numbersIn(0, ".loss-line"))[0];
  assertAlmostEquals(loss, Number((await page.text(".loss-now")).match(/[\d.]+/)![0]), 0.0006);
  await browser.eval(() => document.querySelectorAll(".steps .word")[1].focus());
  await page.until(() =>
    document.querySelectorAll(".lines .worked-line b")[1] !== undefined &&
    /from the next step/.test(document.querySelector(".lines .worked-line").textContent)
  );
  assertEquals((await numbersIn())[0], 0); // the head reads the last state alone
});

test("each gate has a name and an equation, as have the cell state and hidden state", async () => {
  await page.open({ set: "requests", cell: "lstm", hidden: 12, epochs: 2, embedding: 8 });
  await page.train();
  await page.until(() => document.querySelectorAll("[data-gate]").length === 4);
  const names = await page.text(".gate-list");
  for (const name of ["input gate", "forget gate", "candidate", "output gate"]) {
    assert(names.includes(name));
  }
  await browser.eval(() => document.querySelector("[data-gate=f]").click());
  assertMatch(await page.text(".lines .worked-line"), /^ft = σ\(/);
  const [input, before, bias, sum, f] = await numbersIn();
  assertAlmostEquals(input + before + bias, sum, ROUNDED);
  assertAlmostEquals(1 / (1 + Math.exp(-sum)), f, ROUNDED);
  const [keep, cBefore, let_in, candidate, c] = await numbersIn(1);
  assertEquals(keep, f);
  assertAlmostEquals(keep * cBefore + let_in * candidate, c, ROUNDED);
  assertEquals(await contrastProblems(browser), []);
});

test(
  "a chart and a weight map show their numbers to the pointer, the keys, and as a table",
  async () => {
    await page.open();
    await point(".learning svg.chart", 0.3, 0.5);
    assertMatch(await tooltip(), /^epoch \d+: train [\d.]+, test [\d.]+$/);
    await browser.eval(() => document.querySelector(".learning svg.chart").focus());
    await press("End"); // as a key, so that the focus is one of the keyboard
    await press("ArrowLeft");
    await page.until(() =>
      /^epoch 9\d\d:/.test(document.querySelector(".tooltip span").textContent)
    );
    await press("Escape");
    assertEquals(await tooltip(), "");

    const map = ".weights canvas[aria-label*=W_xh]";
    await browser.eval((map) => document.querySelectorAll(map)[1].focus(), map);
    await press("ArrowDown");
    await page.until(() =>
      /^W_xh, now, .+, column 0: −?[\d.]+$/.test(
        document.querySelector(".tooltip span").textContent,
      )
    );
    await press("Enter");
    await page.until(() => document.querySelector("dialog.number-table")?.open);
    const [rows, columns] = await browser.eval(() => [
      document.querySelectorAll(".number-table tbody tr").length,
      document.querySelectorAll(".number-table thead th").length,
    ]);
    assertEquals([rows, columns], [21, 64]); // words and the unknown one, and hidden units
    await browser.click(".number-table .ends button");
    await page.until(() => document.querySelector("dialog.number-table") === null);
  },
  NO_POINTER,
);

test("each word's contribution equals the command line's", async () => {
  await page.open();
  await page.until(() => !document.querySelector(".ask-why").hidden); // what answers it is there
  await browser.click(".ask-why");
  await page.until(() => document.querySelectorAll(".share").length === 6);
  const shares = await browser.eval(() =>
    [...document.querySelectorAll(".share b")].map(({ textContent }) => textContent)
  );
  assertMatch(await page.text(".why-sum"), /^Log-odds of negative: /);
  const saved = await page.saveModel();
  const answer = await cli(
    folder,
    "predict",
    "--model",
    saved,
    "--why",
    "i am not great right now",
  );
  for (const [t, word] of [[2, "not"], [3, "great"]] as const) {
    const [, share] = new RegExp(`${word}\\(([-+][\\d.]+)\\)`).exec(answer)!;
    assertAlmostEquals(Number(shares[t].replace("−", "-")), Number(share), 0.051);
  }
  await page.predictions("it is fine");
  await page.until(() => document.querySelectorAll(".share").length === 3);
  await browser.click("[data-pass=backward]");
  await page.until(() => document.querySelectorAll(".share").length === 3);
  await browser.click(".ask-why");
  assertEquals(await browser.eval(() => document.querySelectorAll(".share").length), 0);
  await page.open({ set: "tags", epochs: 1 });
  assertEquals(await browser.eval(() => document.querySelector(".ask-why").hidden), true);
});

test("an unknown word has no percentages, and is marked as unknown", async () => {
  const about = () => page.text(".word-detail");
  const at = async (t: number, title: string) => {
    await browser.eval((t) => document.querySelectorAll(".steps .word")[t].focus(), t);
    await page.until(
      (title) => document.querySelector(".word-detail h3").textContent === title,
      title,
    );
  };
  await page.open();
  await page.predictions("qqq i am great");
  await at(0, "What “qqq” changed");
  assertMatch(await about(), /“qqq” is not in the vocabulary: the network reads it as the unknown/);
  assert(!(await about()).includes("%"), await about());
  await at(1, "What “i” changed");
  assertMatch(await about(), /^What “i” changedbeforeno word known yetafter\w+ [\d.]+%/);
  await page.predictions("qqq great");
  await at(1, "What “great” changed");
  await page.until(() =>
    document.querySelector(".without").textContent ===
      "Without it, no word of the sentence is known."
  );
  await page.predictions("it is fine");
  await at(0, "What “it” changed");
  assertMatch(await about(), /beforenothing read yetafter/);
});

test("without a softmax for a word, the equations show what replaces it", async () => {
  const said = (what: string) =>
    page.until(
      (what) => document.querySelector(".output-numbers")?.textContent.includes(what),
      what,
    );
  await page.open({ set: "dates", epochs: 1 });
  await said("no softmax: the decoder");
  const data = ["--data", new URL("../../examples/tagging/train.csv", import.meta.url).pathname];
  const model = `${folder}/crf.safetensors`;
  const crf = ["--head", "token", "--crf", "--epochs", "1", "--hidden", "8"];
  await cli(folder, "train", ...data, ...crf, "--out", model);
  await page.open();
  await browser.type(".files input[type=file]", model);
  await page.until(() => document.querySelector(".steps .tag") !== null);
  await said("no softmax: a conditional random field (CRF) scores the tags");
});
