/**
 * Tests of a page in Chromium, and of some in Firefox: the page is built and served before the first
 * and gone after the last, and none may leave an error in the console.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { serve } from "#web/serve.ts";
import { builtPage, Playground } from "./playground.ts";
import { Firefox } from "./bidi.ts";
import { type Browser, Chromium } from "./webdriver.ts";

/** What the tests of a page have. */
export interface OpenedPage {
  /** Where the page was built. */
  folder: string;
  server: Deno.HttpServer<Deno.NetAddr>;
  browser: Browser;
  page: Playground;
}

/** Settings of {@linkcode pageTests}. */
export interface PageTestOptions {
  /** Flags of Chromium. */
  args?: string[];
  /** Whether each test is of Firefox as well, but for those that say why not. */
  inFirefox?: boolean;
  /** What is asserted after each test. */
  after?(): Promise<void>;
}

/** A test; where Firefox is not asked, the reason. */
export type PageTest = (
  name: string,
  run: () => Promise<void>,
  only?: { notInFirefox?: string },
) => void;

/** Opens a page for the tests of a file, in each browser, and gives what makes one of them. */
export function pageTests(
  path: string,
  opened: (page: OpenedPage) => void,
  { args, inFirefox = false, after }: PageTestOptions = {},
): PageTest {
  let folder: string, server: OpenedPage["server"];
  const browsers = new Map<Browser["name"], Browser>();
  const open = { chromium: () => Chromium.open({ args }), firefox: () => Firefox.open() };

  /** The page in a browser, which is started where it is first asked for. */
  const pageIn = async (name: Browser["name"]): Promise<Playground> => {
    const browser = browsers.get(name) ?? await open[name]();
    browsers.set(name, browser);
    const page = new Playground(browser, `http://127.0.0.1:${server.addr.port}/${path}`);
    opened({ folder, server, browser, page });
    return page;
  };
  Deno.test.beforeAll(async () => {
    folder = await builtPage();
    server = serve(folder, 0);
  });
  Deno.test.afterAll(async () => {
    for (const browser of browsers.values()) await browser[Symbol.asyncDispose]();
    await server.shutdown();
    await Deno.remove(folder, { recursive: true });
  });
  const add = (browser: Browser["name"], name: string, run: () => Promise<void>, ignore = false) =>
    Deno.test({
      name,
      ignore,
      sanitizeOps: false, // the browsers and the server live on between tests
      sanitizeResources: false,
      async fn() {
        const page = await pageIn(browser);
        await run();
        assertEquals(await page.errors(), []);
        await after?.();
      },
    });
  return (name, run, { notInFirefox } = {}) => {
    add("chromium", name, run);
    if (!inFirefox) return;
    const why = notInFirefox === undefined ? "" : ` (not asked: ${notInFirefox})`;
    add("firefox", `Firefox: ${name}${why}`, run, notInFirefox !== undefined);
  };
}
