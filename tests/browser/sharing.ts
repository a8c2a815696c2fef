/**
 * What leaves the page and comes back, in a real browser: links, frames, pictures, and the page
 * without a network. Run by `deno task test:browser`.
 *
 * @module
 */
import { assert, assertEquals, assertGreater, assertMatch, assertNotEquals } from "@std/assert";
import { answer } from "#web/serve.ts";
import { cli, Playground, serveStatic } from "./playground.ts";
import { pageTests } from "./page_tests.ts";
import type { Browser } from "./webdriver.ts";

// deno-lint-ignore no-explicit-any
declare const document: any;

const CSV = `text,label
${
  Array.from({ length: 30 }, (_, i) =>
    `${i % 2 ? "good" : "bad"} "thing" number ${i}`.replace(/.*/, (text) =>
      `"${text.replaceAll('"', '""')}",${i % 2 ? "up" : "down"}`)).join("\n")
}
`;

let folder: string, browser: Browser, page: Playground;

const test = pageTests("", (opened) => {
  ({ folder, browser, page } = opened);
});

const value = (css: string) =>
  browser.eval((css) => document.querySelector(css)?.value as string, css);
const isShown = (css: string) =>
  browser.eval((css) => document.querySelector(css)?.checkVisibility() ?? false, css);

/** Gives the page data of one's own, and waits for its network. */
async function paste(text: string): Promise<void> {
  const isOpen = await browser.eval(() => document.querySelector("dialog.data[open]") !== null);
  if (!isOpen) await page.openData();
  await page.choose("dialog.data textarea", text);
  await browser.eval(() => document.querySelector("dialog.data p .small").click());
  await page.until(() => !document.querySelector("dialog.data .primary").disabled);
  await browser.click("dialog.data .primary");
  await page.phase("fresh");
}

/** The link that the page gives, and what it says of it. */
async function copiedLink(): Promise<{ link: string; note: string }> {
  await browser.eval(() => document.querySelector("[data-file=link]").click());
  await page.until(() => document.querySelector("dialog.copy").open);
  const link = await value("dialog.copy textarea"), note = await page.text("dialog.copy .note");
  await browser.eval(() => document.querySelector("dialog.copy .ends button").click());
  return { link, note };
}

const wait = (milliseconds: number) => new Promise((wake) => setTimeout(wake, milliseconds));
const quiet = (handler: Deno.ServeHandler<Deno.NetAddr>) =>
  Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, handler);

const hashOf = (link: string) =>
  Object.fromEntries(new URLSearchParams(new URL(link).hash.slice(1)));

test("a link contains small data: whoever opens it trains the same network", async () => {
  await page.open();
  await paste(CSV);
  await page.choose("[name=epochs]", "4");
  await page.train();
  const mine = await Deno.readFile(await page.saveModel());
  await page.choose(".asking input", "good thing");
  const { link, note } = await copiedLink();
  assertMatch(note, /and your data/);
  assert(link.length < 8500, String(link.length));

  await page.open(hashOf(link));
  assertEquals(await page.notices(), "");
  assertEquals([await value(".setup select"), await value("[name=epochs]")], ["own", "4"]);
  assertEquals(await value(".asking input"), "good thing");
  await page.train();
  assertEquals(await Deno.readFile(await page.saveModel()), mine);

  // The command line makes it as well, from the data that the page gives.
  const data = await page.download(() => browser.click("[data-part=train]"), "pasted.csv");
  await Deno.copyFile(data, `${folder}/pasted.csv`);
  const args = (await page.command()).split(" ").slice(2);
  await cli(folder, ...args, "--out", "linked.safetensors");
  assertEquals(await Deno.readFile(`${folder}/linked.safetensors`), mine);

  // A reload has the data still.
  assert((await browser.eval(() => location.hash)).includes("&data="));
});

test("a link without its data reports that, and its settings wait for the data", async () => {
  await page.open({ set: "own", hidden: 7, cell: "gru", seed: 5 });
  assertMatch(
    await page.notices(),
    /on the sender's data, which the link does not hold/,
  );
  assertMatch(await browser.eval(() => location.hash), /^#set=own&hidden=7&cell=gru&seed=5$/);
  assertEquals(await value("[name=hidden]"), "64"); // the first network as it is, not with these
  await browser.click(".go-on");
  await paste(CSV);
  const settings = ["[name=hidden]", "[name=cell]", "[name=seed]", ".setup select"];
  assertEquals(await Promise.all(settings.map(value)), ["7", "gru", "5", "own"]);
  assertEquals(await page.notices(), "");
});

test("damaged data in a link is reported, and nothing else is lost", async () => {
  for (const data of ["zzz", "A".repeat(4000)]) {
    await page.open({ set: "own", hidden: 7, data });
    assertMatch(await page.notices(), /cannot be read: it is damaged/);
    assertEquals(await page.text("dd.accuracy"), "train 100%test 100%");
  }
  await page.open({ set: "nowhere" });
  assertMatch(await page.notices(), /to the data “nowhere”, which this page does not have/);
});

test("data that is too large for a link is left out, and that is reported", async () => {
  await page.open();
  const words = Array.from({ length: 900 }, (_, i) => `w${(i * 7919) % 9973}`);
  await paste(
    `text,label\n${
      Array.from({ length: 600 }, (_, i) =>
        `${
          Array.from({ length: 9 }, (_, j) => words[(i * 31 + j * j * 17) % 900]).join(" ")
        },${i % 3}`)
        .join("\n")
    }\n`,
  );
  const { link, note } = await copiedLink();
  assertMatch(note, /but not your data: packed, that is more than the 8,000 characters/);
  assertEquals(hashOf(link).data, undefined);
});

test("a link restores the sentence, layer, gates, unit and pass", async () => {
  const settings = { set: "requests", cell: "lstm", layers: 2, hidden: 12, epochs: 2 };
  await page.open(settings);
  await page.choose(".asking input", "play something loud");
  await page.until(() => document.querySelectorAll(".step").length === 3);
  await browser.click(".gates");
  await browser.eval(() => document.querySelectorAll(".layer-open")[1].click()); // the lower one
  await page.choose(".unit-detail input", "5");
  await browser.eval(() => document.querySelectorAll(".word")[1].focus());
  const { link, note } = await copiedLink();
  assertMatch(note, /the sentence and the view/);
  assertEquals(hashOf(link), {
    ...{ set: "requests", cell: "lstm", hidden: "12", layers: "2", epochs: "2" },
    ...{ text: "play something loud", layer: "0", gates: "yes", unit: "5", word: "1" },
  });
  await page.open(hashOf(link));
  await page.until(() => document.querySelector('.layer-open[aria-pressed="true"]') !== null);
  assertEquals(await page.text('.layer-open[aria-pressed="true"]'), "Layer 1");
  assertEquals(await browser.eval(() => document.querySelectorAll(".caption").length), 18);
  await page.until(() => document.querySelector(".unit-detail input").value === "5");
  assertEquals(await page.text(".word-detail h3"), "What “something” changed");
  await page.open({ text: "i am fine", label: "positive", pass: "backward" });
  await page.until(() => document.querySelectorAll(".steps.backward .step.graded").length === 3);
  assertMatch(await page.text(".answer"), /Loss 0\.\d+ nats/);
});

test("a link followed within the page asks before a run is lost", async () => {
  await page.open({ epochs: 3 });
  await page.train();
  await browser.eval(() => location.hash = "#set=tags&epochs=5&text=call+anna");
  await page.until(() => document.querySelector("dialog.ask").open);
  await browser.eval(() => document.querySelector("[data-choice=keep]").click());
  await page.until(() => location.hash === "#set=moods&epochs=3");
  await browser.eval(() => location.hash = "#set=tags&epochs=5&text=call+anna");
  await page.until(() => document.querySelector("dialog.ask").open);
  await page.discard();
  await page.until(() => document.querySelectorAll(".step").length === 2);
  assertEquals(await value(".setup select"), "tags");
});

test("in a frame the page has only its visible parts, and only if the server allows it", async () => {
  await page.open({ embed: "", hide: "settings,learning,evaluation,<b>,bar" });
  const hidden = [".masthead", "footer", ".sheet", ".learning", ".evaluation", ".bar"];
  for (const css of hidden) assertEquals([css, await isShown(css)], [css, false]);
  for (const css of [".question", ".steps", ".embed-mark a"]) assert(await isShown(css), css);
  assertMatch(
    await browser.eval(() => location.hash),
    /^#embed&hide=settings,learning,evaluation,bar&/,
  );
  const whole = await browser.eval(() => document.querySelector(".embed-mark a").href);
  assertEquals(new URL(whole).hash.startsWith("#set=moods&text="), true);

  let isEmbeddable = true;
  const asked: string[] = [];
  const server: Deno.HttpServer<Deno.NetAddr> = quiet((request) => {
    asked.push(new URL(request.url).pathname);
    return answer(folder, request, server.addr.port, { isEmbeddable });
  });
  const src = `http://127.0.0.1:${server.addr.port}/#embed`;
  const article = quiet(() =>
    new Response(`<!doctype html><iframe src="${src}" width="900" height="700"></iframe>`, {
      headers: { "content-type": "text/html" },
    })
  );
  const read = () => browser.goto(`http://localhost:${article.addr.port}/`);
  await read();
  for (let i = 0; i < 200 && !asked.includes("/worker.js"); i++) await wait(50);
  assert(asked.includes("/worker.js"), String(asked)); // the page runs
  assertEquals(await page.errors(), []);
  isEmbeddable = false;
  await read();
  assertMatch((await page.errors()).join(), /frame-ancestors 'none'/);
  await browser.goto("about:blank");
  await Promise.all([server.shutdown(), article.shutdown()]);
});

test("the code to embed is an iframe of what is on the screen", async () => {
  await page.open({ set: "tags", epochs: 5 });
  await browser.click("[data-file=link]");
  await browser.eval(() => document.querySelectorAll("dialog.copy .ends button")[1].click());
  const code = await value("dialog.copy textarea");
  assertMatch(code, /^<iframe src="http:[^"]*#embed&amp;hide=settings,[^"]*&amp;set=tags&amp;/);
  assertMatch(code, / title="[^"]+"/);
  await browser.eval(() => document.querySelectorAll("dialog.copy .ends button")[1].click());
  assertMatch(await value("dialog.copy textarea"), /\/#set=tags&/);
  await browser.eval(() => document.querySelector("dialog.copy .ends button").click());
});

test("the picture is saved as SVG and as PNG, and a curve as CSV", async () => {
  await page.open();
  await page.until(() => document.querySelector(".answered b")?.textContent === "negative");
  const save = (css: string) => () => browser.click(css);
  const svg = await Deno.readTextFile(
    await page.download(save(".picture [data-save=svg]"), "network.svg"),
  );
  const texts = [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
  assertEquals(texts.filter((text) => text === "negative").length, 5);
  assert(texts.includes("great") && texts.includes("99.7%"), String(texts));
  const cells = svg.match(/<rect[^>]*crispEdges/g)!.length;
  assertGreater(cells, 6 * 64); // of the states, and the scale of their colors
  assert(!/href|script| style=/.test(svg)); // nothing but shapes
  const png = await Deno.readFile(
    await page.download(save(".picture [data-save=png]"), "network.png"),
  );
  assertEquals([...png.slice(1, 4)].map((byte) => String.fromCharCode(byte)).join(""), "PNG");
  const [width, height] = [16, 20].map((at) => new DataView(png.buffer).getUint32(at));
  assert(width > 1500 && height > 1000, `${width} ${height}`);
  const csv = await Deno.readTextFile(
    await page.download(save(".learning [data-save=csv]"), "loss.csv"),
  );
  const rows = csv.trim().split("\n").map((row) => row.split(","));
  assertEquals([rows[0], rows.at(-1)![0]], [["epoch", "train", "test"], "1000"]);
  assertEquals(Number(rows.at(-1)![1]).toFixed(4), "0.0011");
  assertGreater(rows.length, 100);
});

test("after the first visit it opens offline, from a sub-path, and deletes older files", async () => {
  const copy = await Deno.makeTempDir({ prefix: "offline-" });
  for await (const { name } of Deno.readDir(folder)) {
    if (/\.(html|css|js|svg)$/.test(name)) {
      await Deno.copyFile(`${folder}/${name}`, `${copy}/${name}`);
    }
  }
  const host = serveStatic(copy, "/some/where/");
  const there = new Playground(browser, `http://localhost:${host.addr.port}/some/where/`);
  const keeps = () =>
    there.until(() => {
      // deno-lint-ignore no-explicit-any
      const { serviceWorker } = navigator as any;
      return serviceWorker.controller?.state === "activated";
    });
  const kept = () => browser.eval(() => caches.keys());
  await there.open({ epochs: 3 });
  await keeps();
  const [first, ...others] = await kept();
  assertEquals(others, []);
  assertMatch(first, /^unroll http:\/\/localhost:\d+\/some\/where\/ [0-9a-f]{16}$/);

  // Another version: its files take the place of these.
  const program = await Deno.readTextFile(`${copy}/service_worker.js`);
  const [version] = /[0-9a-f]{16}/.exec(program)!;
  const next = version.replaceAll(/[0-9a-f]/g, "7");
  await Deno.writeTextFile(`${copy}/service_worker.js`, program.replace(version, next));
  await there.open({ epochs: 3 });
  let keys: string[] = [];
  for (let i = 0; i < 200 && !(keys.length === 1 && keys[0].endsWith(next)); i++) {
    await wait(50);
    keys = await kept();
  }
  assertEquals(keys.map((key) => key.split(" ").at(-1)), [next]);

  await host.shutdown();
  await there.open({ epochs: 3 });
  await there.train();
  assertEquals(await there.epochs(), 3);
  await browser.goto(there.address.replace(/$/, "numbers.html"));
  await there.until(() => document.documentElement.dataset.ready !== undefined);
  await there.errors(); // that the host does not answer
  await Deno.remove(copy, { recursive: true });
  await page.open();
});

test("opened as a file, the page shows how to open it", async () => {
  await browser.goto(`file://${folder}/index.html`);
  await page.until(() =>
    document.querySelector(".unopened")?.checkVisibility({ visibilityProperty: true })
  );
  assertMatch(await page.text(".unopened"), /opened as a file.*deno task web/s);
  assertGreater((await page.errors()).length, 0); // the browser's own word for it
  await page.open();
  assertEquals(await page.text(".unopened"), "");
});

test("software graphics adapters are not checked", async () => {
  await page.open();
  const [look, report] = await browser.eval(() => {
    const item = document.querySelector('[data-backend="gpujs:webgl2"]');
    return [item.className, item.textContent];
  });
  if (/SwiftShader|llvmpipe|software/i.test(report)) {
    assertEquals(look, "slow");
    assertMatch(report, /is software, not a graphics card: many times slower/);
  }
  assertNotEquals(report, "");
});
