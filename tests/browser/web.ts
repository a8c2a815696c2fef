/**
 * The playground in a real browser. Run by `deno task test:browser`.
 *
 * @module
 */
import { assert, assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import { CELL_NAMES } from "@unroll/core";
import { axProblems, contrastProblems } from "./a11y.ts";
import { cli, Playground, serveStatic } from "./playground.ts";
import { pageTests } from "./page_tests.ts";
import type { Browser } from "./webdriver.ts";

// deno-lint-ignore no-explicit-any
declare const document: any;

const HOSTILE = '<img src=x onerror="globalThis.hacked=1">';
const LONGEST_TASK = 50; // milliseconds
const PHONE = { width: 390, height: 844, pixelRatio: 2, isPhone: true };

let folder: string, browser: Browser, page: Playground;

const test = pageTests("", (opened) => {
  ({ folder, browser, page } = opened);
}, { args: ["--enable-unsafe-webgpu"], inFirefox: true, after: isAskedOfNobodyElse });

const NO_TREE = {
  notInFirefox: "no protocol gives its accessibility tree, or sets a color scheme",
};
const NO_LONG_TASKS = { notInFirefox: "it reports no long tasks" };
const SAME_FILES = { notInFirefox: "of the built files, not of a browser" };

/** Nothing was asked of another host. */
async function isAskedOfNobodyElse(): Promise<void> {
  const hosts = await browser.eval(() => [
    ...new Set(
      performance.getEntriesByType("resource").map(({ name }) =>
        name.startsWith("blob:") ? "blob" : new URL(name).host
      ),
    ),
  ]);
  const own = new URL(page.address).host;
  assertEquals(hosts.filter((host) => host !== own), []);
}

async function commandArgs(): Promise<string[]> {
  const command = await page.command();
  return command.split(" ").slice(2); // after "deno task"
}

test("the article's run reaches 100%, with the same file as the command line's", async () => {
  await page.open();
  const shipped = await Deno.readFile(await page.saveModel());
  await page.train();
  assertEquals(await page.epochs(), 1000);
  assertEquals(await page.text("dd.accuracy"), "train 100%test 100%");
  const saved = await page.saveModel();
  assertEquals(await Deno.readFile(saved), shipped); // the network that the page opens with
  const args = await commandArgs();
  assertEquals(args, ["train"]);
  await cli(folder, ...args, "--out", "cli.safetensors");
  assertEquals(await Deno.readFile(saved), await Deno.readFile(`${folder}/cli.safetensors`));

  const predictions = await page.predictions("it is not fine");
  const answer = await cli(folder, "predict", "--model", saved, "it is not fine");
  const [label, share] = predictions.at(-1)!.split(" ");
  assert(answer.includes(label) && answer.includes(share), `${answer} is not ${label} ${share}`);
});

test("the copied command makes the same model from the downloaded data", async () => {
  await page.open({ set: "requests", cell: "lstm", hidden: 20, layers: 2, epochs: 3, seed: 5 });
  await page.train();
  const saved = await page.saveModel();
  for (const [part, name] of [["train", "requests.csv"], ["test", "requests-test.csv"]]) {
    const click = () => browser.click(`[data-part=${part}]`);
    await Deno.copyFile(await page.download(click, name), `${folder}/${name}`);
  }
  await cli(folder, ...await commandArgs(), "--out", "cli.safetensors");
  assertEquals(await Deno.readFile(saved), await Deno.readFile(`${folder}/cli.safetensors`));
});

test("tags are shown under the words, with the same model as the command line's", async () => {
  await page.open({ set: "tags", epochs: 4 });
  await page.train();
  const saved = await page.saveModel();
  const root = new URL("../../", import.meta.url).pathname;
  await cli(root, ...await commandArgs(), "--out", `${folder}/cli.safetensors`);
  assertEquals(await Deno.readFile(saved), await Deno.readFile(`${folder}/cli.safetensors`));
  await page.predictions("call anna at noon");
  const tags = await browser.eval(() =>
    [...document.querySelectorAll(".tag")].map((tag) => tag.textContent)
  );
  assertEquals(tags.length, 4);
  assertEquals(tags[3], "TIME");
});

test("every cell of core can be selected; minGRU shows its equations, and trains as on the command line", async () => {
  await page.open({ cell: "mingru", init: "scaled", hidden: 12, epochs: 30, batchSize: 4 });
  const cells = await browser.eval(() =>
    [...document.querySelector("[name=cell]").options].map(({ value }) => value)
  );
  assertEquals(cells, CELL_NAMES);
  await page.train();
  const equations = await browser.eval(() =>
    [...document.querySelectorAll(".equations li")].map(({ textContent }) => textContent)
  );
  assertEquals(equations.slice(0, 2), ["zₜ = σ(xₜ Wz + bz)", "h̃ₜ = xₜ Wh + bh"]);
  assertEquals(await page.text(".on-wire"), ""); // no Whh leads from state to state
  await browser.click(".gates");
  await page.until(() => document.querySelector(".caption") !== null);
  const captions = await browser.eval(() => [
    ...new Set([...document.querySelectorAll(".caption")].map(({ textContent }) => textContent)),
  ]);
  assertEquals(captions, ["z", "n", "h"]);
  const saved = await page.saveModel();
  await cli(folder, ...await commandArgs(), "--out", "cli.safetensors");
  assertEquals(await Deno.readFile(saved), await Deno.readFile(`${folder}/cli.safetensors`));
});

test("a language model: candidates over each symbol, and the command line's model", async () => {
  await page.open({ set: "names", epochs: 3, hidden: 24 });
  await page.train();
  const saved = await page.saveModel();
  for (const [part, name] of [["train", "names.csv"], ["test", "names-test.csv"]]) {
    const click = () => browser.click(`[data-part=${part}]`);
    await Deno.copyFile(await page.download(click, name), `${folder}/${name}`);
  }
  await cli(folder, ...await commandArgs(), "--out", "cli.safetensors");
  assertEquals(await Deno.readFile(saved), await Deno.readFile(`${folder}/cli.safetensors`));

  await page.choose(".asking input", "rh");
  await page.until(() => document.querySelectorAll(".step").length === 3); // and the start
  assertEquals(await browser.eval(() => document.querySelectorAll(".candidate").length), 12);
  await page.until(() => document.querySelector(".written b")?.textContent === "rh");
  const settings = ["--prompt", "rh", "--temperature", "0.8", "--seed", "1", "--length", "240"];
  const written = await cli(folder, "generate", "--model", saved, ...settings);
  assertEquals((await page.text(".written")).trim(), written.trim());
});

test("text for a label: the label is selected, and the model opens again", async () => {
  await page.open({ set: "writer", epochs: 2 });
  await page.train();
  const saved = await page.saveModel();
  await page.choose(".writer select", "positive");
  await page.until(() => document.querySelector(".step .word").textContent === "positive");
  await page.open();
  await browser.type(".files input[type=file]", saved);
  await page.until(() => /is open/.test(document.querySelector(".notices").textContent));
  assertEquals(await browser.eval(() => document.querySelector(".setup select").value), "writer");
});

test("translation: attention under the columns, and the command line's predictions", async () => {
  await page.open({ set: "reverse", epochs: 2, hidden: 24 });
  await page.train();
  const saved = await page.saveModel();
  await page.choose(".asking input", "abcd");
  await page.until(() => document.querySelectorAll(".step").length === 4);
  await page.until(() => document.querySelectorAll(".targets b").length > 0);
  const shown = await browser.eval(() =>
    [...document.querySelectorAll(".targets b")].map((each) => each.textContent).join("")
  );
  const answer = await cli(folder, "predict", "--model", saved, "--json", "abcd");
  assert(answer.includes(`"${shown.replace("⊣", "")}"`), `${answer} is not ${shown}`);
  const fields = await browser.eval(() => document.querySelectorAll(".looked span").length);
  assertEquals(fields, 4 * [...shown].length);

  const [sample] = await browser.eval(() =>
    [...document.querySelectorAll(".samples button")].map((each) => each.textContent)
  );
  await page.choose(".asking input", sample);
  await browser.click(".segments button:last-child");
  await page.until(() => /^Loss \d/.test(document.querySelector(".loss-now")?.textContent ?? ""));
});

test("a run that is paused and continued, also by steps and epochs, has the same weights", async () => {
  const settings = { set: "memory", epochs: 6, hidden: 12 };
  await page.open(settings);
  await page.train();
  const whole = await Deno.readFile(await page.saveModel());

  await page.open(settings, { pace: "watch" });
  await browser.click("[data-act=step]");
  await page.until(() => /at 8 of 160/.test(document.querySelector(".phase").textContent));
  await browser.click("[data-act=step]");
  await page.until(() => /at 16 of 160/.test(document.querySelector(".phase").textContent));
  await browser.click("[data-act=epoch]");
  await page.until(() => /Paused after epoch 1/.test(document.querySelector(".phase").textContent));
  await browser.click(".play");
  await page.until(() => document.querySelector("dd.epoch b").textContent === "2");
  await browser.click(".play");
  await page.phase("paused");
  await page.choose(".pace select", "full");
  await page.train();
  assertEquals(await Deno.readFile(await page.saveModel()), whole);
});

test("after a reload during training it continues from the last epoch, to the same weights", async () => {
  const settings = { set: "memory", epochs: 8, hidden: 12, seed: 3 };
  await page.open(settings);
  await page.train();
  const whole = await Deno.readFile(await page.saveModel());

  await page.open(settings, { pace: "watch" });
  await browser.click(".play");
  await page.until(() => document.querySelector("dd.epoch b").textContent === "2");
  await new Promise((wake) => setTimeout(wake, 800)); // it is kept about once a second
  await page.open({}, { keep: true });
  assertMatch(await page.text(".offer"), /epoch [1-4] of 8, just now/);
  await browser.click(".go-on");
  await page.phase("paused");
  assertGreater(await page.epochs(), 0);
  const points = await browser.eval(() => document.querySelectorAll(".learning .dot").length);
  assertGreater(points, 0);
  await page.train();
  assertEquals(await Deno.readFile(await page.saveModel()), whole);
});

test("own CSV: quotes are read, and an invalid line is reported and skipped", async () => {
  await page.open();
  const rows = Array.from(
    { length: 12 },
    (_, i) => i % 2 ? `"Good, ""very"" good ${i}",up\n` : `Bad ${i},down\n`,
  );
  const csv = `review,stars\n${rows.slice(0, 3).join("")}too,many,fields\n${
    rows.slice(3).join("")
  }`;
  const path = `${folder}/reviews.csv`;
  await Deno.writeTextFile(path, csv);
  await page.openData();
  await browser.type("dialog.data input[type=file]", path);
  await page.until(() => document.querySelector(".problems") !== null);
  assertEquals(
    await page.text(".problems li"),
    "Line 5: 3 fields where the header has 2; quote a text that contains commas",
  );
  assertMatch(await page.text(".found h3"), /^12 examples/);
  assertMatch(await page.text(".found table"), /Good, "very" good 1up/);
  await browser.click("dialog.data .primary");
  await page.phase("fresh");
  await page.until(() =>
    /12 training sentences/.test(document.querySelector(".setup").textContent)
  );
  await page.choose("[name=epochs]", "40");
  await page.train();
  assertMatch(await page.text("dd.accuracy"), /train 100%/);

  // The command line leaves the bad line out as well, and makes the same model.
  const saved = await page.saveModel();
  await cli(folder, ...await commandArgs(), "--out", "cli.safetensors");
  assertEquals(await Deno.readFile(saved), await Deno.readFile(`${folder}/cli.safetensors`));
});

test("own JSON Lines and TSV can be pasted; errors are shown in the dialog", async () => {
  await page.open();
  const paste = async (text: string) => {
    await page.openData();
    await page.choose("dialog.data textarea", text);
    await browser.eval(() => document.querySelector("dialog.data p button").click());
  };
  await paste('{"text": "good", "label": 1}\n{"text": "bad", "label": 0}\nnonsense\n');
  await page.until(() => /^2 ex/.test(document.querySelector(".found h3")?.textContent ?? ""));
  assertMatch(await page.text(".problems li"), /^Line 3: expected one JSON object per line/);
  await paste("text\tlabel\ngood\tup\nbad\tdown\n");
  await page.until(() => document.querySelector(".columns select")?.value === "tsv");
  await paste("Anna B-PER\nsleeps O\n\nBen B-PER\nwakes O\n");
  await page.until(() => document.querySelector(".columns select")?.value === "conll");
  assertMatch(await page.text(".found h3"), /^2 examples/);
  await paste("  ");
  await page.until(() => !document.querySelector("dialog.data .error").hidden);
  assertMatch(await page.text("dialog.data .error"), /no content/);
});

test("a model from the command line opens, with the same predictions", async () => {
  const model = `${folder}/made.safetensors`;
  await cli(folder, "train", "--cell", "gru", "--hidden", "16", "--epochs", "60", "--out", model);
  await page.open();
  await browser.type(".files input[type=file]", model);
  await page.until(() =>
    /made.safetensors is open/.test(document.querySelector(".notices").textContent)
  );
  const sentence = "i am not great";
  const shown = (await page.predictions(sentence)).at(-1)!;
  const [{ label, probabilities }] = JSON.parse(
    `[${(await cli(folder, "predict", "--json", "--model", model, sentence)).trim()}]`,
  );
  const share = 100 * probabilities[label];
  assertEquals(shown, `${label} ${share.toFixed(share < 99.95 ? 1 : 0)}%`);
  assertEquals(await browser.eval(() => document.querySelector("[name=cell]").value), "gru");
  assertMatch(await page.command(), /--from made.safetensors/);
});

test("markup in texts, labels and model files stays text", async () => {
  await page.open();
  const jsonl = [0, 1, 2, 3].map((i) =>
    JSON.stringify({ text: `${HOSTILE} word${i % 2}`, label: i % 2 ? HOSTILE : "plain" })
  ).join("\n");
  const path = `${folder}/hostile.jsonl`;
  await Deno.writeTextFile(path, jsonl);
  await page.openData();
  await browser.type("dialog.data input[type=file]", path);
  await page.until(() => /^4 ex/.test(document.querySelector(".found h3")?.textContent ?? ""));
  await browser.click("dialog.data .primary");
  await page.until(() => /4 training sentences/.test(document.querySelector(".setup").textContent));
  await page.choose("[name=epochs]", "3");
  await page.train();
  const saved = await page.saveModel();
  await page.open();
  await browser.type(".files input[type=file]", saved);
  await page.until(() => document.querySelector(".notices").textContent.includes("is open"));
  await page.predictions("img src x");
  assertMatch(await page.text(".label"), /^(plain|<img)/);
  const found = await browser.eval(() => [
    document.querySelectorAll("img").length,
    (globalThis as unknown as { hacked?: number }).hacked ?? 0,
  ]);
  assertEquals(found, [0, 0]);

  await Deno.writeTextFile(`${folder}/broken.safetensors`, HOSTILE.repeat(20));
  await browser.type(".files input[type=file]", `${folder}/broken.safetensors`);
  await page.until(() => document.querySelector(".problem") !== null);
  assertMatch(await page.notices(), /broken.safetensors/);
});

for (const backend of ["cpu", "cpu:plain", "gpujs:webgpu", "gpujs:webgl2", "gpujs:webasm"]) {
  test(`${backend} trains in the page, or shows the reason`, async () => {
    await page.open();
    const report = await page.text(`[data-backend="${backend}"]`);
    assertMatch(report, / works(: |, but )| does not work here: /);
    if (report.includes(" does not work here: ")) return;
    const settings = { set: "moods", hidden: 8, cell: "gru", optimizer: "adam", batchSize: 16 };
    await page.open({ ...settings, learningRate: 0.01, epochs: 4, backend });
    await page.train();
    const loss = Number(/train ([\d.]+)/.exec(await page.text("dd.loss"))![1]);
    assertLess(loss, 0.7);
    assertEquals(await page.notices(), "");
  });
}

test("no task of the page is over 50 ms while an LSTM of 256 units trains", async () => {
  await page.open({ set: "requests", cell: "lstm", hidden: 256, epochs: 5000 });
  await browser.eval(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { tasks });
    const note = (list: PerformanceObserverEntryList) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    };
    new PerformanceObserver(note).observe({ entryTypes: ["longtask"] });
  });
  await browser.click(".play");
  await page.phase("running");
  // Time that other programs take from the browser counts as its own: so there is more than one try.
  const tries: number[][] = [];
  do {
    await new Promise((wake) => setTimeout(wake, 3000));
    // deno-lint-ignore no-explicit-any
    tries.push(await browser.eval(() => (globalThis as any).tasks.splice(0)));
  } while (tries.at(-1)!.some((task) => task > LONGEST_TASK) && tries.length < 6);
  console.log(`long tasks in each three seconds: ${JSON.stringify(tries)}`);
  assertEquals(tries.at(-1)!.filter((task) => task > LONGEST_TASK), []);
  await browser.click(".play");
  await page.phase("paused");
}, NO_LONG_TASKS);

test(
  "every control has a name, headings are in order, and contrast suffices in light and dark",
  async () => {
    for (const value of ["light", "dark"]) {
      await browser.cdp("Emulation.setEmulatedMedia", {
        features: [{ name: "prefers-color-scheme", value }],
      });
      for (const set of ["moods", "tags", "names", "reverse"]) {
        await page.open({ set, epochs: 2 });
        await page.train();
        await browser.eval(() => document.querySelector("details").open = true);
        assertEquals(await axProblems(browser), []);
        assertEquals(await contrastProblems(browser), []);
      }
      await browser.click(".tour-start");
      assertEquals(await contrastProblems(browser), []);
    }
    await browser.cdp("Emulation.setEmulatedMedia", { features: [] });
  },
  NO_TREE,
);

test("with only the keyboard: skip to the network, train, pause, walk along the words", async () => {
  await page.open({}, { pace: "slow" });
  const focused = () =>
    browser.eval(() => {
      const at = document.activeElement;
      return `${at.className} ${at.getAttribute("aria-label") ?? at.textContent}`;
    });
  const tabTo = async (pattern: RegExp) => {
    for (let i = 0; i < 120; i++) {
      await browser.press("Tab");
      if (pattern.test(await focused())) return;
    }
    throw new Error(`Tab never came to ${pattern}`);
  };
  await browser.press("Tab");
  assertMatch(await focused(), /^skip/);
  await tabTo(/Train from scratch/);
  await browser.press("Enter");
  await page.phase("running");
  assertMatch(await focused(), /Pause training/);
  await browser.press("Enter");
  await page.phase("paused");
  await tabTo(/^word/);
  await page.until(() =>
    document.querySelector(".word-detail h3").textContent ===
      `What “${document.activeElement.textContent}” changed`
  );
});

test("a link restores the settings, and invalid ones are ignored", async () => {
  await page.open({ set: "tags", cell: "lstm", hidden: 12, learningRate: 0.02, seed: 9 });
  await browser.click("[data-file=link]");
  const link = await browser.eval(() => document.querySelector("dialog.copy textarea").value);
  await browser.goto("about:blank");
  await browser.goto(link);
  await page.until(() => document.documentElement.dataset.ready !== undefined);
  const settings = await browser.eval(() =>
    ["cell", "hidden", "learningRate", "seed", "batchSize"].map((name) =>
      document.querySelector(`[name=${name}]`).value
    )
  );
  assertEquals(settings, ["lstm", "12", "0.02", "9", "8"]);
  await page.open({ set: "nowhere", cell: "<b>", hidden: -5, epochs: "many", seed: 2 });
  const kept = await browser.eval(() =>
    ["cell", "hidden", "epochs", "seed"].map((name) =>
      document.querySelector(`[name=${name}]`).value
    )
  );
  assertEquals(kept, ["rnn", "1", "1000", "2"]);
});

test("a run that diverges shows what to do, and the network keeps its last good weights", async () => {
  await page.open({ learningRate: 10, clip: 0, activation: "relu", init: "scaled", epochs: 50 });
  await browser.click(".play");
  await page.phase("failed");
  assertMatch(await page.notices(), /try a smaller learning rate/);
  assertMatch((await page.predictions("i am great")).at(-1)!, /^(negative|positive) \d/);
});

test("own texts can be continued, and own pairs trained on", async () => {
  await page.open();
  const own = async (task: string, text: string) => {
    await page.openData();
    await page.choose("dialog.data select", task);
    await page.choose("dialog.data textarea", text);
    await browser.eval(() => document.querySelector("dialog.data p .small").click());
    await page.until(() => !document.querySelector("dialog.data .primary").disabled);
    await browser.click("dialog.data .primary");
    await page.discard(); // the run on the data before
    await page.phase("fresh");
    await page.choose("[name=epochs]", "2");
    await page.train();
  };
  await own("language-model", "to be, or not to be, that is the question. ".repeat(8));
  assertMatch(await page.text(".evaluation h2"), /Perplexity/);
  assertEquals(await page.notices(), "");
  const rows = ["one,1", "two,2", "three,3", "four,4", "five,5", "six,6", "seven,7", "eight,8"];
  await own("translate", `source,target\n${rows.join("\n")}\n`);
  assertMatch(await page.text(".evaluation h2"), /Accuracy/);
  assertEquals(await page.notices(), "");
});

test("settings, data and the network have the field's terms", async () => {
  await page.open();
  const names = await browser.eval(() =>
    ["hidden", "bidirectional", "optimizer", "init", "validation"].map((name) =>
      document.querySelector(`[name=${name}]`).labels[0].textContent
    )
  );
  const expected = ["Hidden size", "Bidirectional", "Optimizer", "Initial weights"];
  assertEquals(names, [...expected, "Validation split"]);
  const setup = await page.text(".setup");
  assertMatch(setup, /62 training sentences, 20 test sentences\./);
  assertMatch(setup, /Vocabulary \d+ words, 2 classes\./);
  const groups = await browser.eval(() =>
    [...document.querySelectorAll(".setup optgroup")].map(({ label }) => label)
  );
  assertEquals(groups, ["Classify", "Tag words", "Generate", "Translate"]);
});

test("a chart is saved as a separate SVG", async () => {
  await page.open({ epochs: 5 });
  await page.train();
  await page.until(() => document.querySelector(".learning polyline") !== null); // at the next frame
  const click = () => browser.eval(() => document.querySelector(".learning .link").click());
  const svg = await Deno.readTextFile(await page.download(click, "loss.svg"));
  assertMatch(svg, /^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  assertMatch(svg, /<polyline[^>]* stroke="rgb\(/);
});

test("on a phone, nothing is wider than the screen", async () => {
  await browser.resize(PHONE);
  for (const set of ["moods", "tags", "writer", "dates"]) {
    await page.open({ set, epochs: 2 });
    await page.train();
    const wide = await browser.eval(() => {
      const { clientWidth, scrollWidth } = document.documentElement;
      return [clientWidth, scrollWidth];
    });
    assertEquals(wide, [390, 390]);
  }
  await browser.resize();
});

test("it also trains from a static host without headers, in a sub-path", async () => {
  await using host = serveStatic(folder, "/some/where/");
  const there = new Playground(browser, `http://127.0.0.1:${host.addr.port}/some/where/`);
  await there.open({ epochs: 20 });
  await there.train();
  assertEquals(await there.epochs(), 20);
  assertEquals(await there.errors(), []);
  await page.open();
});

test("the first load, without gpu.js, is under 200 kB compressed", async () => {
  let size = 0;
  const html = await Deno.readTextFile(`${folder}/index.html`);
  const begins = [...html.matchAll(/"modulepreload" href="([^"]+)"/g)].map(([, name]) => name);
  const program = await Deno.readTextFile(`${folder}/main.js`);
  const imported = [...program.matchAll(/(?:from|import)"\.\/([^"]+)"/g)].map(([, name]) => name);
  assertEquals(begins.toSorted(), [...new Set(imported)].toSorted()); // none comes one by one
  const files = ["index.html", "style.css", "icon.svg", "main.js", "worker.js"];
  for (const name of files) { // a program brings what it imports at once
    const text = await Deno.readTextFile(`${folder}/${name}`);
    for (const [, part] of text.matchAll(/(?:from|import)"\.\/([\w.-]+\.js)"/g)) {
      if (!files.includes(part)) files.push(part);
    }
  }
  for (const name of files) {
    const file = new Blob([await Deno.readFile(`${folder}/${name}`)]);
    const packed = file.stream().pipeThrough(new CompressionStream("gzip"));
    size += (await new Response(packed).arrayBuffer()).byteLength;
  }
  console.log(`${size} bytes`);
  assertLess(size, 200_000);
}, SAME_FILES);
