/**
 * The few tests in the browsers. Run by `deno task test:browser`.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { serve } from "#tests/browser/bundle.ts";
import { Firefox } from "#tests/browser/bidi.ts";
import { Chromium } from "#tests/browser/webdriver.ts";
import type { HostReport } from "./few.ts";
import { assertAsHere, fewAsScript } from "./host.ts";

declare const fewReport: HostReport | undefined;

const LIMIT = 120_000; // milliseconds

const BROWSERS = { Chromium: () => Chromium.open(), Firefox: () => Firefox.open() };

for (const [name, open] of Object.entries(BROWSERS)) {
  Deno.test(`${name} does the few tests, with Deno's weights`, async () => {
    await using server = serve(await fewAsScript("globalThis.fewReport = report;"));
    await using browser = await open();
    await browser.goto(`http://127.0.0.1:${server.addr.port}/`);
    const until = Date.now() + LIMIT;
    let report: HostReport | undefined;
    while (!report && Date.now() < until) {
      await new Promise((wake) => setTimeout(wake, 250));
      report = await browser.eval(() => typeof fewReport === "undefined" ? undefined : fewReport);
    }
    assert(report, `nothing came in ${LIMIT} ms`);
    await assertAsHere(report);
    const errors = (await browser.logs()).filter(({ level }) => level === "SEVERE");
    assertEquals(errors, []);
  });
}
