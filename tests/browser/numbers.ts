/**
 * The page of numbers in a real browser. Run by `deno task test:browser`.
 *
 * @module
 */
import { assertEquals, assertLess, assertMatch } from "@std/assert";
import { axProblems, contrastProblems } from "./a11y.ts";
import { Playground, shell } from "./playground.ts";
import { pageTests } from "./page_tests.ts";
import type { Browser } from "./webdriver.ts";

// deno-lint-ignore no-explicit-any
declare const document: any, location: any, DataTransfer: any, DragEvent: any;
// deno-lint-ignore no-explicit-any
declare const PerformanceObserver: any;

const LONGEST_TASK = 50; // milliseconds

let folder: string, browser: Browser, page: Playground;

const test = pageTests("numbers.html", (opened) => {
  ({ folder, browser, page } = opened);
});

/** Opens the page at a tab. */
async function open(tab = ""): Promise<void> {
  await browser.goto("about:blank");
  await browser.goto(`${page.address}${tab}`);
  await page.until(() => document.documentElement.dataset.ready !== undefined);
}

test("the pages link to each other, and each tab has its own address", async () => {
  await open();
  assertEquals(await page.text("[aria-selected=true]"), "Forecast");
  await browser.click("#tab-gestures");
  assertEquals(await browser.eval(() => location.hash), "#gestures");
  await open("#gestures");
  assertEquals(await page.text("[aria-selected=true]"), "Gestures");
  await browser.click(".pages a:not([aria-current])");
  await page.until(() => document.querySelector(".play") !== null);
  await browser.click(".pages a:not([aria-current])");
  await page.until(() => document.querySelector("[role=tablist]") !== null);
});

/** Waits until the network is there, or has come so far. */
async function phase(phase: string): Promise<void> {
  await page.until((phase) => document.documentElement.dataset.forecast === phase, phase);
}

/** Trains at full speed to the end. */
async function train(): Promise<void> {
  await page.choose("[name=pace]", "full");
  await browser.click("[data-act=train]");
  await phase("done");
  await page.until(() => !/Calibrating/.test(document.querySelector(".run .phase").textContent));
  await page.until(() => document.querySelector(".winner") !== null); // which is measured last
}

/** Drops a file on the page; it stands in the folder as well, for the command line. */
async function drop(name: string, content: string): Promise<void> {
  await Deno.writeTextFile(`${folder}/${name}`, content);
  await browser.eval(
    (name, content) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], name));
      document.body.dispatchEvent(
        new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }),
      );
    },
    name,
    content,
  );
}

/** Waits until the page has read a file, or says why not. */
async function isRead(name: string): Promise<void> {
  await page.until((name) => document.querySelector(".read-as").textContent.includes(name), name);
  await phase("untrained");
}

/** What a click on a button gives. */
function saved(button: string, name: string): Promise<string> {
  return page.download(() => browser.click(`[data-file=${button}]`), name);
}

/** Trains by the command that the page gives, which must make the same model. */
async function sameByCommand(): Promise<string> {
  const model = await saved("save", "model.safetensors");
  const { code, err } = await shell(folder, `${await page.command()} --out cli.safetensors`);
  assertEquals(code, 0, err);
  assertEquals(await Deno.readFile(model), await Deno.readFile(`${folder}/cli.safetensors`));
  return model;
}

/** Hourly loads of two stations with a daily season, and the wind beside them. */
function loads(rows: number): string {
  const lines = Array.from({ length: rows }, (_, t) => {
    const day = String(1 + Math.floor(t / 24)).padStart(2, "0");
    const hour = String(t % 24).padStart(2, "0");
    const wave = 50 + 20 * Math.sin(2 * Math.PI * t / 24) + (t * 7919 % 13) / 6;
    return `2024-01-${day} ${hour}:00;${wave.toFixed(2)};${(t * 31 % 17).toFixed(1)}`;
  });
  return `hour;load;wind\n${lines.join("\n")}\n`;
}

test("the built-in series: trained, evaluated, forecast, with the command line's file", async () => {
  await open();
  await phase("untrained");
  assertMatch(await page.text(".series h2"), /How many passengers/);
  await page.until(() => document.querySelector(".series-chart .actual-line") !== null);
  await train();
  assertMatch(await page.text(".winner"), /^The network beats the naive forecasts: MASE 0\.\d+/);
  assertMatch(await page.text(".results-body"), /The band covers/);
  assertMatch(await page.text(".figures"), /seasonal naive \(12\)/);
  await saved("data", "airline.csv").then((path) => Deno.copyFile(path, `${folder}/airline.csv`));
  const model = await sameByCommand();

  await page.choose("[name=beyond]", "6");
  await browser.click("[data-act=beyond]");
  await page.until(() => /6 rows are forecast/.test(document.querySelector(".side").textContent));
  const csv = await Deno.readTextFile(await saved("forecast", "forecast.csv"));
  const ask = `deno task predict --model ${model} --data airline.csv --horizon 6 --out out.csv`;
  assertEquals((await shell(folder, ask)).code, 0);
  assertEquals(csv, await Deno.readTextFile(`${folder}/out.csv`));
  assertMatch(csv, /^Month,forecast,lower,upper\n1961-01,\d/);
  const report = await Deno.readTextFile(await saved("report", "report.html"));
  assertMatch(report, /<svg[^]*Comparison with naive forecasts[^]*Errors by step of the horizon/);
});

test("a file is dropped, its columns are selected, and the command line makes the same model", async () => {
  await open();
  await phase("untrained");
  await drop("loads.csv", loads(24 * 12));
  await isRead("loads.csv");
  assertMatch(await page.text(".read-as"), /semicolons?.*288 rows; numbers in "load", "wind"/);
  await page.choose("[data-column=wind]", "feature");
  await page.choose("[name=horizon]", "8");
  await page.choose("[name=holdOut]", "24");
  await page.choose("[name=epochs]", "3");
  await phase("untrained");
  await train();
  assertMatch(await page.text(".series h2"), /How will load continue\?/);
  await sameByCommand();
  assertMatch(
    await page.command(),
    /--data loads.csv --target load --features wind --horizon 8 --hold-out 24 --epochs 3$/,
  );
});

test("invalid input is one line with what to do, and the state is kept", async () => {
  await open();
  await phase("untrained");
  const rows = ["2024-01-01,1", "2024-01-02,2", "2024-01-01,3"];
  const cases: [name: string, content: string, line: RegExp][] = [
    ["back.csv", `day,sold\n${rows.join("\n")}\n`, /back\.csv:4: "day": the time decreases/],
    ["texts.csv", "text,label\ngood,yes\nbad,no\n", /texts\.csv/],
    ["one.csv", "day,sold\n2024-01-01,1\n", /[^]+/],
    ["empty.csv", "", /empty\.csv/],
  ];
  for (const [name, content, line] of cases) {
    await drop(name, content);
    await page.until(() => document.querySelector(".forecast .problem") !== null);
    assertMatch(await page.text(".forecast .problem"), line);
    await browser.click(".forecast .problem button");
  }
  await open();
  await phase("untrained");
  await page.choose("[name=holdOut]", "3");
  await page.until(() => document.querySelector(".forecast .problem") !== null);
  assertMatch(await page.text(".forecast .problem"), /Rows held out: must be at least .*12, got 3/);
  await page.choose("[name=holdOut]", "24");
  await page.until(() => document.querySelector(".forecast .problem") === null);
  await train();
});

test("a training is paused, continued and stopped; changes wait for the next one", async () => {
  await open();
  await phase("untrained");
  await browser.click("[data-act=train]");
  await page.until(() => /Epoch [2-9]/.test(document.querySelector(".run .phase").textContent));
  await browser.click("[data-act=train]");
  await phase("paused");
  await page.choose("[name=horizon]", "6");
  await page.until(() => /next training/.test(document.querySelector(".changed").textContent));
  await phase("paused");
  await browser.click("[data-act=train]");
  await phase("running");
  await browser.click("[data-act=stop]");
  await phase("done");
  await page.until(() => document.querySelector(".winner") !== null);
  await drop("loads.csv", loads(24 * 12));
  await page.until(() => /not saved/.test(document.querySelector(".forecast .offer")?.textContent));
  await browser.click(".forecast .offer .primary");
  assertMatch(await page.text(".read-as"), /airline/);
});

test("a model opens with its settings, and one with other columns is refused", async () => {
  await open();
  await phase("untrained");
  await page.choose("[name=epochs]", "2");
  await page.choose("[name=horizon]", "6");
  await phase("untrained");
  await train();
  const model = await saved("save", "model.safetensors");
  await open();
  await phase("untrained");
  await browser.type(".forecast .files input[type=file]", model);
  await phase("opened");
  assertEquals(await browser.eval(() => document.querySelector("[name=horizon]").value), "6");
  await page.until(() => document.querySelector(".winner") !== null);
  await page.choose("[name=set]", "visitors");
  await isRead("visitors.csv");
  await browser.type(".forecast .files input[type=file]", model);
  await page.until(() => /the model reads/.test(document.querySelector(".notices").textContent));
});

test("a backtest shows a table of its folds", async () => {
  await open();
  await phase("untrained");
  await page.choose("[name=epochs]", "2");
  await phase("untrained");
  await page.choose("[name=folds]", "2");
  await browser.click("[data-act=backtest]");
  await page.until(() => /network/.test(document.querySelectorAll(".figures")[0]?.textContent));
  assertMatch(await page.text(".figures"), /±/);
});

test("numbers over time dropped on the page of texts open here", async () => {
  const texts = new Playground(browser, page.address.replace("numbers.html", ""));
  await texts.open();
  await drop("loads.csv", loads(24 * 12));
  await page.until(() => {
    const offer = document.querySelector("dialog.data .numbers");
    return offer !== null && !offer.hidden;
  });
  await browser.click("dialog.data .numbers button");
  await page.until(() => document.documentElement.dataset.forecast === "untrained");
  await isRead("loads.csv");
});

test("accessible names, contrast and no horizontal scrolling, in light and dark, wide and narrow", async () => {
  for (const [width, scheme] of [[1280, "light"], [320, "dark"]] as const) {
    await browser.cdp("Emulation.setEmulatedMedia", {
      features: [{ name: "prefers-color-scheme", value: scheme }],
    });
    await browser.cdp("Emulation.setDeviceMetricsOverride", {
      width,
      height: 800,
      deviceScaleFactor: 1,
      mobile: width < 500,
    });
    await open();
    await phase("untrained");
    await page.choose("[name=epochs]", "3");
    await phase("untrained");
    await train();
    await browser.click("[data-act=beyond]");
    await page.until(() => /are forecast/.test(document.querySelector(".side").textContent));
    assertEquals(await axProblems(browser), []);
    assertEquals(await contrastProblems(browser), []);
    const [wide, seen] = await browser.eval(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return [scrollWidth, clientWidth];
    });
    assertEquals(wide, seen);
    if (width < 500) assertEquals(wide, width);
  }
  await browser.cdp("Emulation.clearDeviceMetricsOverride");
  await browser.cdp("Emulation.setEmulatedMedia", { features: [] });
});

test("the chart is read with the keyboard, and as a table", async () => {
  await open();
  await phase("untrained");
  await page.until(() => document.querySelector(".series-chart .actual-line") !== null);
  await page.choose(".scrub", "0");
  assertEquals(await page.text(".readout"), "1949-01: 112 measured");
  await page.choose(".scrub", "143");
  const said = await browser.eval(() =>
    document.querySelector(".scrub").getAttribute("aria-valuetext")
  );
  assertMatch(said, /^1960-12: 432 measured, \d+(\.\d+)? forecast \(.+ to .+\)$/);
  await browser.click(".numbers-table summary");
  await page.until(() => document.querySelectorAll(".numbers-table tbody tr").length === 144);
});

test("Timed: during training no task is long, and nothing on the page moves", async () => {
  const tries: { long: number[]; moved: number }[] = [];
  do { // other programs may take the processor away
    await open();
    await browser.eval(() => {
      const seen = { long: [] as number[], moved: 0 };
      Object.assign(globalThis, { seen });
      new PerformanceObserver((list: { getEntries(): { duration: number }[] }) => {
        for (const { duration } of list.getEntries()) seen.long.push(duration);
      }).observe({ entryTypes: ["longtask"] });
      new PerformanceObserver((list: { getEntries(): { value: number }[] }) => {
        for (const { value } of list.getEntries()) seen.moved += value;
      }).observe({ type: "layout-shift", buffered: true });
    });
    await phase("untrained");
    await browser.click("[data-act=train]");
    await phase("done");
    tries.push(await browser.eval(() => (globalThis as never as { seen: never }).seen));
  } while (tries.at(-1)!.long.some((task) => task > LONGEST_TASK) && tries.length < 6);
  console.log(`in each training: ${JSON.stringify(tries)}`);
  assertEquals(tries.at(-1)!.long.filter((task) => task > LONGEST_TASK), []);
  assertLess(tries.at(-1)!.moved, 0.1);
});

test("the download for a forecast is under 180 KB compressed", async () => {
  await open();
  await phase("untrained");
  const loaded = await browser.eval(() =>
    performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname.slice(1))
  );
  const names = new Set(["numbers.html", "forecast_worker.js", "icon.svg", ...loaded]);
  assertEquals(names.has("worker.js"), false);
  let size = 0;
  for (const name of names) size += await packed(name);
  console.log(`${size} bytes: ${[...names].join(", ")}`);
  assertLess(size, 180_000);
});

async function packed(name: string): Promise<number> {
  const file = new Blob([await Deno.readFile(`${folder}/${name}`)]);
  const stream = file.stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).arrayBuffer()).byteLength;
}
