/**
 * A run as a visitor controls it, in a real browser: the trained network at first, word by word,
 * changed live, discarded and brought back. Run by `deno task test:browser`.
 *
 * @module
 */
import { assert, assertEquals, assertGreater, assertMatch, assertNotEquals } from "@std/assert";
import { cli, type Playground } from "./playground.ts";
import { pageTests } from "./page_tests.ts";
import type { Browser } from "./webdriver.ts";

// deno-lint-ignore no-explicit-any
declare const document: any;

let folder: string, browser: Browser, page: Playground;

const test = pageTests("", (opened) => {
  ({ folder, browser, page } = opened);
}, { inFirefox: true });

const wait = (milliseconds: number) => new Promise((wake) => setTimeout(wake, milliseconds));
const read = () => browser.eval(() => document.querySelectorAll(".step.read").length);
const stage = () => page.text(".walk [aria-current]");
const isAsked = () => browser.eval(() => document.querySelector("dialog.ask").open);

test("the page opens with a trained network, and the prediction flips without “not”", async () => {
  await page.open();
  assertEquals(await browser.eval(() => document.documentElement.dataset.phase), "done");
  assertEquals(await page.text("dd.accuracy"), "train 100%test 100%");
  assertEquals(await page.text(".question h2"), "Is this sentence positive or negative?");
  await page.until(() => document.querySelector(".answered b")?.textContent === "negative");
  await page.until(() => document.querySelectorAll(".learning polyline").length === 4);
  await browser.click(".turn");
  await page.until(() => document.querySelector(".answered b").textContent === "positive");
  assertMatch(await page.text(".turn"), /Put “not” back/);
  await browser.click(".turn");
  await page.until(() => document.querySelector(".answered b").textContent === "negative");
  assertEquals(await page.notices(), "");
  // It goes on where it was: with more epochs it is trained further.
  await page.choose("[name=epochs]", "1003");
  await page.phase("paused");
  await page.train();
  assertEquals(await page.epochs(), 1003);
});

test("a step to follow scrolls the picture into view", async () => {
  await browser.resize({ width: 960, height: 540, pixelRatio: 2 }); // a projector at 200%
  await page.open({ epochs: 5 }, { pace: "slow" });
  await browser.click(".play");
  await page.until(() => document.querySelector(".walk p[role=status]").textContent !== "");
  const [top, bar, words, height] = await browser.eval(() => [
    document.querySelector(".walk").getBoundingClientRect().top,
    document.querySelector(".bar").getBoundingClientRect().bottom,
    document.querySelector(".steps .prediction").getBoundingClientRect().bottom,
    document.documentElement.clientHeight,
  ]);
  assert(top >= bar && words < height, String([top, bar, words, height]));
  await browser.click(".play");
  await browser.resize();
});

test("slow shows a sentence word by word; pause stops it, and a step makes one step", async () => {
  const settings = { epochs: 2 };
  await page.open(settings);
  await browser.click("[data-act=step]");
  await page.until(() => /at 1 of 62/.test(document.querySelector(".phase").textContent));
  const plain = await Deno.readFile(await page.saveModel());

  await page.open(settings, { pace: "slow" });
  await browser.click(".play");
  await page.until(() => document.querySelectorAll(".step.read").length === 2);
  assertMatch(await stage(), /Read/);
  assertMatch(await page.text(".walk .place"), /Sentence 1 of 62/);
  await browser.click(".play");
  await page.phase("paused");
  const before = await read();
  await wait(1500);
  assertEquals(await read(), before);
  await browser.click("[data-act=step]"); // to the end of this step alone
  await page.until(() => /Loss/.test(document.querySelector(".walk [aria-current]")?.textContent));
  assertMatch(await page.text(".walk [role=status]"), /The loss is 0\.69/);
  await page.until(() =>
    /Gradient/.test(document.querySelector(".walk [aria-current]")?.textContent)
  );
  assertEquals(await browser.eval(() => document.querySelector(".steps.backward") !== null), true);
  await page.until(() => document.querySelectorAll(".changes canvas").length === 3);
  await page.until(() => document.querySelector(".steps.walking") === null);
  await page.until(() => /at 1 of 62/.test(document.querySelector(".phase").textContent));
  assertEquals(await Deno.readFile(await page.saveModel()), plain);
});

test("the learning rate changes during the run", async () => {
  await page.open({ set: "memory", epochs: 400, hidden: 8 });
  await browser.click(".play");
  await page.until(() => Number(document.querySelector("dd.epoch b").textContent) > 2);
  await page.choose("[name=learningRate]", "0.002");
  await page.choose("[name=clipNorm]", "0.5");
  await page.choose("[name=dropout]", "0.1");
  await wait(500);
  assertEquals(await browser.eval(() => document.documentElement.dataset.phase), "running");
  assertGreater(await page.epochs(), 2);
  assertEquals(await page.notices(), "");
  await browser.click(".play");
  await page.phase("paused");
  await page.command();
  assertMatch(
    await page.text("dialog.copy .note"),
    /Learning rate, .*Dropout changed during training/,
  );
});

test("discarding a run asks first, and undo restores it", async () => {
  await page.open({ set: "requests", hidden: 8, epochs: 500 });
  await browser.click(".play");
  await page.until(() => Number(document.querySelector("dd.epoch b").textContent) > 2);
  await browser.click(".play");
  await page.phase("paused");
  const epochs = await page.epochs();
  const model = await Deno.readFile(await page.saveModel());

  await page.choose("[name=hidden]", "9");
  await page.until(() => document.querySelector("dialog.ask").open);
  assertEquals(await page.text("dialog.ask h2"), `Discard the run of ${epochs} epochs?`);
  await browser.click("[data-choice=keep]");
  await page.until(() => document.querySelector("[name=hidden]").value === "8");
  assertEquals(await page.epochs(), epochs);

  await page.choose("[name=hidden]", "9");
  await browser.click("[data-choice=discard]");
  await page.phase("fresh");
  assertEquals(await page.epochs(), 0);
  await browser.click("[data-act=undo]");
  await page.phase("paused");
  assertEquals(await page.epochs(), epochs);
  assertEquals(await browser.eval(() => document.querySelector("[name=hidden]").value), "8");
  assertEquals(await Deno.readFile(await page.saveModel()), model);
  await page.until(() => document.querySelector(".learning polyline") !== null);
});

test("play after the last epoch offers more epochs, or a new start", async () => {
  await page.open({ epochs: 3 });
  await page.train();
  await browser.click(".play");
  assert(await isAsked());
  assertEquals(await page.text("dialog.ask h2"), "All 3 epochs are done.");
  await browser.click("[data-choice=more]");
  await page.until(() => document.querySelector("dd.epoch b").textContent === "6");
  await page.phase("done");
  await browser.click(".play");
  await browser.click("[data-choice=fresh]");
  await page.until(() => !document.querySelector("[data-act=undo]").hidden);
  assertEquals(
    await browser.eval(() => document.querySelector("[data-act=undo]").title),
    "Bring back the run of 6 epochs",
  );
  await page.phase("done");
  assertEquals(await page.notices(), "");
});

test("an invalid number is refused in one line, and changes nothing", async () => {
  await page.open();
  await page.choose("[name=learningRate]", "0,05");
  assertMatch(
    await page.text(".refused:not([hidden])"),
    /^Learning rate: enter a number .*such as 0\.05/,
  );
  assertEquals(await browser.eval(() => location.hash), "#set=moods");
  await page.choose("[name=learningRate]", "0.05");
  assertEquals(await page.text(".refused:not([hidden])"), "");
  assertEquals(await browser.eval(() => location.hash), "#set=moods&learningRate=0.05");
});

test("a run that diverges is explained, and continues with a smaller learning rate", async () => {
  await page.open({ learningRate: 10, clip: 0, activation: "relu", init: "scaled", epochs: 50 });
  await browser.click(".play");
  await page.phase("failed");
  assertMatch(await page.text(".offer"), /learning rate of 10 was too high/);
  await browser.click(".offer .primary");
  await page.until(() => document.querySelector("[name=learningRate]").value === "1");
});

test("an opened model is labeled as such, has no other data, and can be closed", async () => {
  const model = `${folder}/mails.safetensors`, data = `${folder}/mails.csv`;
  const rows = ["kind words,positive", "rude words,negative", "kind,positive", "rude,negative"];
  await Deno.writeTextFile(data, `text,label\n${rows.join("\n")}\n`);
  await cli(
    folder,
    ...["train", "--data", data, "--validation", "0", "--epochs", "2", "--out", model],
  );
  await page.open();
  await browser.type(".files input[type=file]", model);
  await page.until(() => document.querySelector(".notices").textContent.includes("is open"));
  assertEquals(
    await page.text(".phase"),
    "The network of mails.safetensors. To continue training, choose data with its labels.",
  );
  assertEquals(await browser.eval(() => document.querySelector("[name=hidden]").disabled), true);
  assertEquals(await browser.eval(() => document.querySelector(".setup select").value), "own");
  await browser.eval(() => document.querySelector("[data-act=close-model]").click());
  await page.until(() => /Untrained/.test(document.querySelector(".phase").textContent));
  assertEquals(await browser.eval(() => document.querySelector("[name=hidden]").disabled), false);
});

test("the chart of forgetting shows the current network", async () => {
  await page.open({ hidden: 12, cell: "lstm", init: "scaled", epochs: 200 });
  const own = () => browser.eval(() => document.querySelector(".reach .own")?.outerHTML ?? "");
  await browser.eval(() => document.querySelector(".reach").scrollIntoView());
  await page.until(() => document.querySelector(".reach .own") !== null);
  const before = await own();
  await page.train();
  await page.until(
    (before) => document.querySelector(".reach .own").outerHTML !== before,
    before,
  );
  assertNotEquals(await own(), before);
});

test("two tabs save a run each, and the closed one is offered", async () => {
  await page.open({ set: "memory", epochs: 2, hidden: 8 });
  await page.train();
  await browser.eval(() => {
    // deno-lint-ignore no-explicit-any
    const other = (globalThis as any).open(`${location.origin}/#set=requests&epochs=1&hidden=8`);
    Object.assign(globalThis, { other });
  });
  const inOther = async (is: string) => {
    await page.until((is) => {
      // deno-lint-ignore no-explicit-any
      const { document } = (globalThis as any).other;
      return is === "ready"
        ? document.documentElement?.dataset.ready !== undefined
        : document.documentElement.dataset.phase === is;
    }, is);
  };
  await inOther("ready");
  // deno-lint-ignore no-explicit-any
  await browser.eval(() => (globalThis as any).other.document.querySelector(".play").click());
  await inOther("done");
  await wait(1200); // it is kept about once a second
  // deno-lint-ignore no-explicit-any
  const offer = () => (globalThis as any).other.document.querySelector(".offer") === null;
  assertEquals(await browser.eval(offer), true); // the first tab is still at its run
  // deno-lint-ignore no-explicit-any
  await browser.eval(() => (globalThis as any).other.close());
  await page.open({}, { keep: true });
  assertMatch(await page.text(".offer"), /“Requests”: epoch 1 of 1/);
  await browser.click(".offer .small"); // discarded: then the other one is there
  await wait(300);
  await page.open({}, { keep: true });
  assertMatch(await page.text(".offer"), /“The first word”: epoch 2 of 2/);
});

test("a run that cannot be saved shows the reason", async () => {
  const { origin } = new URL(page.address);
  await page.open({ set: "memory", epochs: 3, hidden: 8 });
  await browser.cdp("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1 });
  await page.train();
  await page.until(() =>
    /lost when the tab closes/.test(document.querySelector(".notices").textContent)
  );
  assertMatch(await page.notices(), /no room left/);
  await browser.cdp("Storage.overrideQuotaForOrigin", { origin });
}, { notInFirefox: "no protocol lowers its quota" });
