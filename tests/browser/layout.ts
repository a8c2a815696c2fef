/**
 * The page's layout in a real browser: what is above the fold, what moves, what is cut, and what a
 * finger can hit. Run by `deno task test:browser`.
 *
 * @module
 */
import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import { pageTests } from "./page_tests.ts";
import type { Playground } from "./playground.ts";
import type { Browser } from "./webdriver.ts";

// deno-lint-ignore no-explicit-any
declare const document: any, getComputedStyle: any, innerHeight: number, scrollTo: any;

const MOST_SHIFT = 0.1; // above it a page counts as unsteady (web.dev/cls)
const LEAST_TARGET = 44; // pixels that a finger hits (WCAG 2.5.5)

let browser: Browser, page: Playground;
const test = pageTests("", (opened) => ({ browser, page } = opened));

async function at<T>(width: number, height: number, run: () => Promise<T>): Promise<T> {
  await browser.cdp("Emulation.setDeviceMetricsOverride", {
    width,
    height,
    deviceScaleFactor: 1,
    mobile: width < 500,
  });
  try {
    return await run();
  } finally {
    await browser.cdp("Emulation.clearDeviceMetricsOverride");
  }
}

test("the question, the sentence and the whole picture are above the fold", async () => {
  for (const [width, height] of [[1440, 900], [1920, 900]]) {
    await at(width, height, async () => {
      await page.open();
      const found = await browser.eval(() => {
        const box = (css: string) => document.querySelector(css).getBoundingClientRect();
        const words = [...document.querySelectorAll(".step .foot")].map((foot) =>
          foot.getBoundingClientRect().bottom
        );
        const scroll = document.querySelector(".unrolled-scroll");
        const last = [...document.querySelectorAll(".step")].at(-1).getBoundingClientRect();
        return {
          question: box(".unrolled h2").top,
          sentence: box(".asking input").top,
          words: Math.max(...words),
          fold: innerHeight,
          isWhole: scroll.scrollWidth <= scroll.clientWidth,
          unused: scroll.getBoundingClientRect().right - last.right,
        };
      });
      assert(found.question >= 0 && found.sentence >= 0);
      assertLess(found.words, found.fold);
      assertEquals(found.isWhole, true);
      assertLess(found.unused, 8); // it takes its column's whole width
    });
  }
});

test("layout shifts stay small during loading and training, at any width", async () => {
  await browser.cdp("Page.enable");
  const { identifier } = await browser.cdp<{ identifier: string }>(
    "Page.addScriptToEvaluateOnNewDocument",
    {
      source: `globalThis.shifts = []; new PerformanceObserver((list) => {
        for (const { value, hadRecentInput, sources } of list.getEntries()) {
          const moved = sources.map(({ node }) => node?.className ?? node?.nodeName);
          if (!hadRecentInput) shifts.push([value, ...moved]);
        }
      }).observe({ type: "layout-shift", buffered: true });`,
    },
  );
  for (const [width, height] of [[1440, 900], [1024, 768], [390, 844]]) {
    await at(width, height, async () => {
      for (const set of ["moods", "tags"]) {
        await page.open({ set, epochs: 4 });
        await page.train();
        await new Promise((wake) => setTimeout(wake, 600)); // what follows the click counts
        const shifts = await browser.eval(() =>
          (globalThis as unknown as { shifts: [number, ...string[]][] }).shifts
        );
        const sum = shifts.reduce((sum, [value]) => sum + value, 0);
        console.log(`${set} at ${width} pixels: layout shift ${sum.toFixed(3)}`);
        assertLess(sum, MOST_SHIFT, JSON.stringify(shifts));
      }
    });
  }
  await browser.cdp("Page.removeScriptToEvaluateOnNewDocument", { identifier });
});

test("no number in the bar is cut off, and nothing scrolls horizontally, from 320 pixels on", async () => {
  // 720 pixels are 1440 at 200%.
  for (const width of [320, 390, 720, 1024, 1440]) {
    await at(width, 800, async () => {
      await page.open({ set: "tags", epochs: 2 });
      await page.train();
      const found = await browser.eval(() => ({
        wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        cut: [...document.querySelectorAll(".facts dd")].filter(({ scrollWidth, clientWidth }) =>
          scrollWidth > clientWidth
        ).map(({ textContent }) => textContent),
        names: [...document.querySelectorAll(".facts dt, .facts i")].filter((name) =>
          name.getBoundingClientRect().width < 8
        ).map(({ textContent }) => textContent),
      }));
      assertEquals(found, { wide: 0, cut: [], names: [] }, `at ${width} pixels`);
    });
  }
});

test("on a phone the settings open from the bar, at any scroll position", async () => {
  await at(390, 844, async () => {
    await page.open();
    await browser.eval(() => scrollTo(0, 1500));
    const { top, bottom } = await browser.eval(() => {
      const { top, bottom } = document.querySelector(".sheet-open").getBoundingClientRect();
      return { top, bottom };
    });
    assert(top >= 0 && bottom < 80, `the button is at ${top} to ${bottom}`);
    await browser.click(".sheet-open");
    await page.until(() => document.querySelector(".setup").checkVisibility());
    await page.choose("[name=hidden]", "8");
    await page.until(() =>
      /[^,\d]\d{3} weights/.test(` ${document.querySelector(".setup").textContent}`)
    );
    await browser.click(".sheet-head button");
    const closed = await browser.eval(() => [
      document.querySelector(".setup").checkVisibility(),
      document.activeElement.className,
    ]);
    assertEquals(closed, [false, "sheet-open"]);
  });
});

test("on a phone, controls are 44 pixels high", async () => {
  await at(390, 844, async () => {
    await page.open({ set: "requests", layers: 2, epochs: 2 });
    await page.train();
    await browser.click(".sheet-open");
    await browser.eval(() => {
      for (const details of document.querySelectorAll("details")) details.open = true;
    });
    const small = await browser.eval(
      (least) =>
        [...document.querySelectorAll(
          "button, select, input:not([type=checkbox], [type=range]), summary, a",
        )]
          .filter((control) =>
            control.checkVisibility() && !control.closest(".hidden, .skip, footer")
          )
          .filter((control) => !control.matches(".hidden, .skip"))
          .filter((control) => control.getBoundingClientRect().height < least - 0.5)
          .map((control) =>
            `${control.tagName}.${control.className} ${control.textContent.slice(0, 20)} ` +
            control.getBoundingClientRect().height
          ),
      LEAST_TARGET,
    );
    assertEquals(small, []);
  });
});

test("all layers are drawn one above the other, and one can be opened", async () => {
  await page.open({ set: "requests", cell: "lstm", layers: 3, epochs: 2 });
  const heights = () =>
    browser.eval(() =>
      [...document.querySelectorAll(".step:nth-child(2) .cells")].map((cells) =>
        Math.round(cells.getBoundingClientRect().height)
      )
    );
  const [top, middle, bottom] = await heights();
  assert(top > middle && middle === bottom, `${[top, middle, bottom]}`);
  await browser.click(".gates");
  const captions = () =>
    browser.eval(() =>
      [...document.querySelectorAll(".step:nth-child(2) .cells")].map((cells) =>
        cells.querySelectorAll(".caption").length
      )
    );
  assertEquals(await captions(), [6, 0, 0]);
  await browser.eval(() => [...document.querySelectorAll(".layer-open")].at(-1).click());
  await page.until(() => document.querySelectorAll(".layer-open[aria-pressed=true]").length === 1);
  assertEquals(await captions(), [0, 0, 6]);
  assertEquals(await heights(), [middle, bottom, top]);
});

test("an untrained translation that does not stop is limited to a few rows, with a note", async () => {
  await page.open({ set: "dates" });
  await page.until(() => document.querySelector(".targets b") !== null);
  const rows = await browser.eval(() => document.querySelectorAll(".targets b").length);
  assertLess(rows, 12);
  assertMatch(await page.text(".picture > .note"), /repeats “.+” and does not stop/);
});

test("matrices are on one grid, and weights have subscripts", async () => {
  await at(1440, 900, async () => {
    await page.open({ set: "reverse", epochs: 1 });
    await page.train();
    await browser.eval(() => document.querySelector(".weights").scrollIntoView());
    await page.until(() => document.querySelector(".maps.gradients canvas") !== null);
    const maps = await browser.eval(() =>
      [...document.querySelectorAll(".maps canvas")].map((map) => {
        const { width, height } = map.getBoundingClientRect();
        return `${Math.round(width)} × ${Math.round(height)}`;
      })
    );
    assertEquals([...new Set(maps)].length, 1, maps.join(", "));
    const names = await browser.eval(() =>
      [...document.querySelectorAll(".weights figcaption b")].map(({ innerHTML }) => innerHTML)
    );
    assert(names.includes("encoder.W<sub>xh</sub>"), names.join(", "));
    assert(names.includes("W<sub>hy</sub>"), names.join(", "));
  });
});

test("each color has one meaning: labels, states and curves share none", async () => {
  await page.open({ epochs: 3 });
  await page.train();
  await page.until(() => document.querySelector(".learning polyline.test") !== null);
  const classes = await browser.eval(() => [
    ...new Set(
      [...document.querySelectorAll(".step .bars span")].map(({ className }) =>
        className.replace(" best", "")
      ),
    ),
  ]);
  assertEquals(classes.sort(), ["label-negative", "label-positive"]);
  const colors = await browser.eval(() => {
    const style = getComputedStyle(document.documentElement);
    const names = ["positive", "negative", "ramp-low", "ramp-high", "ink", "test", "clipped"];
    for (let i = 0; i < 8; i++) names.push(`l${i}`);
    return names.map((name) => style.getPropertyValue(`--${name}`).trim());
  });
  assertEquals(new Set(colors).size, colors.length, colors.join(" "));
  const dashes = await browser.eval(() =>
    ["train", "test"].map((name) =>
      getComputedStyle(document.querySelector(`.learning polyline.${name}`)).strokeDasharray
    )
  );
  assertEquals(dashes[0], "none");
  assertMatch(dashes[1], /^\d/);
});
