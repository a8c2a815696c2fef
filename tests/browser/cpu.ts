/**
 * backend-cpu in a real browser, from a minified bundle: with threads where the page is cross-origin
 * isolated, on one where it is not. Run by `deno task test:browser`.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { conformanceCases } from "@unroll/core/conformance";
import { bundle, serve } from "./bundle.ts";
import type { CpuReport } from "./cpu_page.ts";
import { Chromium } from "./webdriver.ts";

declare const report: CpuReport | undefined;

const LIMIT = 120_000; // milliseconds
const script = await bundle(`import "${new URL("./cpu_page.ts", import.meta.url)}";`);
const caseCount = conformanceCases(() => Promise.reject()).length;

const PAGES: [name: string, headers: Record<string, string>, threads: number][] = [
  ["any page, on one thread", {}, 1],
  ["a page that is cross-origin isolated, on three threads", {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
  }, 3],
];

for (const [name, headers, threads] of PAGES) {
  Deno.test(`the kernels in Chromium pass the suite on ${name}`, async () => {
    await using server = serve(script, headers);
    await using browser = await Chromium.open({});
    await browser.goto(`http://127.0.0.1:${server.addr.port}/`);
    const until = Date.now() + LIMIT;
    let result: CpuReport | undefined;
    do {
      await new Promise((wake) => setTimeout(wake, 250));
      result = await browser.eval(() => typeof report === "undefined" ? undefined : report);
    } while (!result?.done && Date.now() < until);
    assertEquals(result?.failures, []);
    assertEquals(result, {
      kernels: "simd with fma",
      threads,
      passed: caseCount,
      failures: [],
      isSame: true,
      done: true,
    });
    const errors = (await browser.logs()).filter(({ level }) => level === "SEVERE");
    assertEquals(errors, []);
  });
}
