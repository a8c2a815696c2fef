/**
 * The tour in real browsers: it speaks of what is on the screen, covers nothing of that, and ends
 * where the visitor was. Run by `deno task test:browser`.
 *
 * @module
 */
import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import type { Playground } from "./playground.ts";
import { eventually } from "./browser.ts";
import { pageTests } from "./page_tests.ts";
import type { Browser } from "./webdriver.ts";

// deno-lint-ignore no-explicit-any
declare const document: any, innerHeight: number, scrollTo: any, scrollY: number;

const STOPS = 9;
const FOLLOWS = 10_000; // milliseconds until the page has followed on a busy machine
const OTHER = /another network|no right answer/;
const ONE_SIZE = { notInFirefox: "one width is enough there" };
const SIZES = [[1440, 900], [1024, 768], [390, 844]] as const;

let browser: Browser, page: Playground;
const test = pageTests("", (opened) => ({ browser, page } = opened), { inFirefox: true });

const said = () => page.text(".tour .says");

/** Waits for a stop. */
async function at(stop: number): Promise<void> {
  await page.until(
    (note) => document.querySelector(".tour .note")?.textContent === note,
    `${stop} of ${STOPS}`,
  );
  await settled();
}

/** Waits until all that was asked for is drawn. */
async function settled(): Promise<void> {
  await page.until(() => !document.querySelector(".tour").hasAttribute("aria-busy"));
  for (let before = ""; before !== await said();) {
    before = await said();
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

async function begin(): Promise<void> {
  await browser.click(".tour-start");
  await at(1);
}

/** What the card covers of what it speaks of, and what is cut off, in pixels. */
const covered = () =>
  browser.eval(() => {
    const card = document.querySelector(".tour").getBoundingClientRect();
    const lit = document.querySelector(".lit").getBoundingClientRect();
    const width = Math.min(card.right, lit.right) - Math.max(card.left, lit.left);
    const height = Math.min(card.bottom, lit.bottom) - Math.max(card.top, lit.top);
    const cut = Math.max(0, -lit.top) + Math.max(0, lit.bottom - innerHeight);
    return [width > 0 && height > 0 ? Math.round(width * height) : 0, Math.round(cut)];
  });

/** Asserts that a value is the expected one, once the page has followed. */
async function assertComes<T>(ask: () => Promise<T>, expected: T, what?: string): Promise<void> {
  const wanted = JSON.stringify(expected);
  const isThere = async () => JSON.stringify(await ask()) === wanted || undefined;
  await eventually(isThere, FOLLOWS).catch(() => {}); // the assertion says what there is instead
  assertEquals(await ask(), expected, what);
}

/** Asserts that the card covers nothing of what it speaks of. */
async function assertUncovered(stop: number, what?: string): Promise<void> {
  const places = async () => {
    await settled();
    return [stop, ...await covered()];
  };
  await assertComes(places, [stop, 0, 0], what);
}

for (const [width, height] of SIZES) {
  test(`the tour does not cover what it describes, ${width} pixels wide`, async () => {
    await browser.resize({ width, height, isPhone: width < 500 });
    try {
      await page.open();
      await begin();
      for (let stop = 1; stop <= STOPS; stop++) {
        await at(stop);
        const before = `${await said()} ${await page.text(".tour .act")}`;
        await assertUncovered(stop, before);
        assert(!OTHER.test(before), before);
        await browser.click(".tour .act");
        await page.until(
          (before) =>
            [".says", ".act"].map((css) => document.querySelector(`.tour ${css}`).textContent)
              .join(" ") !== before,
          before,
        );
        await assertUncovered(stop);
        await browser.click(".tour .primary");
      }
      await page.until(() => document.querySelector(".tour").hidden);
    } finally {
      await browser.resize();
    }
  }, width === 1024 ? {} : ONE_SIZE);
}

test("the tour follows what it describes where that is drawn late or moves", async () => {
  await browser.resize({ width: 390, height: 844, isPhone: true });
  const late = (display: string) =>
    browser.eval((display) => {
      document.querySelector(".weight-gradients").style.display = display;
    }, display);
  const push = () =>
    browser.eval(() => {
      const above = document.createElement("div");
      above.style.height = "300px";
      document.querySelector(".weight-gradients").prepend(above);
    });
  try {
    await page.open();
    await begin();
    for (let stop = 2; stop <= 8; stop++) {
      if (stop === 8) await late("none");
      await browser.click(".tour .primary");
      await at(stop);
    }
    assertEquals(await browser.eval(() => document.querySelectorAll(".lit").length), 0);
    await late("");
    await page.until(() => document.querySelector(".lit") !== null);
    await assertUncovered(8);
    await push();
    await assertUncovered(8);
    await browser.eval(() => scrollTo(0, 0)); // a visitor who looks elsewhere stays there
    await push();
    await new Promise((wake) => setTimeout(wake, 500));
    assertEquals(await browser.eval(() => scrollY), 0);
  } finally {
    await browser.resize();
  }
}, ONE_SIZE);

test("each stop describes the current sentence, with the picture's numbers", async () => {
  await page.open();
  await begin();
  assertMatch(await said(), /“i was great and not awful earlier” .* positive, /);
  await browser.click(".tour .act");
  await page.until(() => /great and awful/.test(document.querySelector(".says").textContent));
  assertMatch(await said(), /is negative, /);
  await page.choose(".asking input", "you are bad");
  await page.until(() => /“you are bad”/.test(document.querySelector(".says").textContent));
  const share = await page.text(".step:last-child .percent");
  assert((await said()).includes(`, ${share}.`), `${await said()} has not ${share}`);
  await browser.click(".tour .primary");
  await at(2);
  await browser.click(".tour .act");
  await page.until(() => /“wonderful” is not in/.test(document.querySelector(".says").textContent));
  await browser.click(".tour .primary");
  await at(3); // the sentence is the tour's again, and all that follows has something to say
  assertEquals(
    await browser.eval(() => document.querySelector(".asking input").value),
    "i am not great right now",
  );
  for (const stop of [4, 5, 6]) {
    await browser.click(".tour .primary");
    await at(stop);
  }
  const loss = await page.text(".loss-now");
  assert((await said()).includes(loss.replace(/[^\d.e−]/g, "")), `${await said()}: ${loss}`);
  await browser.press("Escape");
  await page.until(() => document.querySelector(".tour").hidden);
});

test("the tour restores network, run, sentence, pass and scroll position", async () => {
  await page.open({ set: "memory", epochs: 40, hidden: 8, seed: 4 });
  await browser.click("[data-act=epoch]");
  await page.until(() => document.querySelector("dd.epoch b").textContent === "1");
  await page.phase("paused");
  const model = await Deno.readFile(await page.saveModel());
  await browser.eval(() => document.querySelectorAll(".samples button")[1].click());
  await browser.click("[data-pass=backward]");
  await browser.eval(() => scrollTo(0, 120));
  const state = () =>
    browser.eval(() => [
      location.hash,
      document.querySelector(".asking input").value,
      document.querySelector("[data-pass=backward]").ariaPressed,
      document.querySelector("dd.epoch").textContent,
      document.querySelector(".phase").textContent,
      document.querySelector("[data-act=undo]").hidden,
      document.querySelectorAll(".learning .dot").length,
      document.querySelector("[name=clip]").value,
      Math.round(scrollY), // Firefox has fractions
    ]);
  const before = await state();
  await browser.eval(() => document.querySelector(".tour-start").click());
  for (let stop = 1; stop <= STOPS; stop++) {
    await at(stop);
    await browser.click(".tour .act");
    if (stop === STOPS) await page.phase("running"); // from scratch
    await browser.click(".tour .primary");
  }
  await page.until(() => document.querySelector(".tour").hidden);
  await assertComes(state, before);
  await new Promise((wake) => setTimeout(wake, 300)); // and it stays so
  assertEquals(await state(), before);
  assertEquals(await Deno.readFile(await page.saveModel()), model);
  assertEquals(await page.text(".problem"), "");
});

test("a run in progress waits during the tour, for any action", async () => {
  await page.open({ set: "requests", epochs: 5000, hidden: 8 }, { pace: "watch" });
  await browser.click(".play");
  await page.until(() => Number(document.querySelector("dd.epoch b").textContent) > 1);
  await begin();
  assertEquals(await page.epochs(), 1000); // of the network that ships with the page
  await page.choose(".setup select", "names"); // in the midst of it
  await page.until(() =>
    /shows another network now/.test(document.querySelector(".says").textContent)
  );
  await browser.click(".tour .act");
  await page.until(() => /“i was great/.test(document.querySelector(".says").textContent));
  await page.choose("[name=hidden]", "9");
  await page.until(() => /another network/.test(document.querySelector(".says").textContent));
  await browser.click(".tour .primary");
  await at(2);
  assertMatch(await said(), /“great” is entry/);
  await browser.click(".play"); // training in the midst of it
  await page.phase("running");
  await browser.click(".tour .primary");
  await at(3);
  assertEquals(await browser.eval(() => document.documentElement.dataset.phase), "done");
  await browser.click(".tour .link");
  await page.until(() => document.querySelector(".tour").hidden);
  await page.phase("running");
  assertEquals(await browser.eval(() => document.querySelector(".setup select").value), "requests");
  const there = await page.epochs();
  assertGreater(there, 1);
  await page.until(
    (there) => Number(document.querySelector("dd.epoch b").textContent.replace(",", "")) > there,
    there,
  );
});
