/**
 * Tests of a page in one browser: the page is built and served before the first and gone after the
 * last, and none may leave an error in the console.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { serve } from "#web/serve.ts";
import { builtPage, Playground } from "./playground.ts";
import { Browser } from "./webdriver.ts";

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
  /** Flags of the browser. */
  args?: string[];
  /** What is asserted after each test. */
  after?(): Promise<void>;
}

/** Opens a page for the tests of a file, and gives what makes one of them. */
export function pageTests(
  path: string,
  opened: (page: OpenedPage) => void,
  { args, after }: PageTestOptions = {},
): (name: string, run: () => Promise<void>) => void {
  let folder: string, server: OpenedPage["server"], browser: Browser, page: Playground;
  Deno.test.beforeAll(async () => {
    folder = await builtPage();
    server = serve(folder, 0);
    browser = await Browser.open({ args });
    page = new Playground(browser, `http://127.0.0.1:${server.addr.port}/${path}`);
    opened({ folder, server, browser, page });
  });
  Deno.test.afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await server.shutdown();
    await Deno.remove(folder, { recursive: true });
  });
  return (name, run) =>
    Deno.test({
      name,
      sanitizeOps: false, // the browser and the server live on between tests
      sanitizeResources: false,
      async fn() {
        await run();
        assertEquals(await page.errors(), []);
        await after?.();
      },
    });
}
