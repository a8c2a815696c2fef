/**
 * The page of numbers in a real browser. Run by `deno task test:browser`.
 *
 * @module
 */
import { assertEquals, assertLess } from "@std/assert";
import { serve } from "#web/serve.ts";
import { builtPage, Playground } from "./playground.ts";
import { Browser } from "./webdriver.ts";

// deno-lint-ignore no-explicit-any
declare const document: any, location: any;

let folder: string, server: Deno.HttpServer<Deno.NetAddr>, browser: Browser, page: Playground;

Deno.test.beforeAll(async () => {
  folder = await builtPage();
  server = serve(folder, 0);
  browser = await Browser.open();
  page = new Playground(browser, `http://127.0.0.1:${server.addr.port}/numbers.html`);
});

Deno.test.afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await server.shutdown();
  await Deno.remove(folder, { recursive: true });
});

/** A test that also fails for any error in the console. */
function test(name: string, run: () => Promise<void>): void {
  Deno.test({
    name,
    sanitizeOps: false, // the browser and the server live on between tests
    sanitizeResources: false,
    async fn() {
      await run();
      assertEquals(await page.errors(), []);
    },
  });
}

/** Opens the page at a tab. */
async function open(tab = ""): Promise<void> {
  await browser.goto("about:blank");
  await browser.goto(`${page.address}${tab}`);
  await page.until(() => document.documentElement.dataset.ready !== undefined);
}

test("the pages link to each other, and a tab has its own address", async () => {
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

test("what crosses the wire is under 150 KB compressed", async () => {
  let size = 0;
  for (const name of ["numbers.html", "style.css", "numbers.css", "icon.svg", "numbers.js"]) {
    size += await packed(name);
  }
  size += await packed("numbers_worker.js");
  console.log(`${size} bytes`);
  assertLess(size, 150_000);
});

async function packed(name: string): Promise<number> {
  const file = new Blob([await Deno.readFile(`${folder}/${name}`)]);
  const stream = file.stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).arrayBuffer()).byteLength;
}
