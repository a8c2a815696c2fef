/**
 * backend-gpujs in a real browser, from a minified bundle. Run by `deno task test:browser`, which
 * needs chromium and chromedriver.
 *
 * @module
 */
import { MODES } from "@unroll/backend-gpujs";
import { assert, assertEquals, assertLess } from "@std/assert";
import { conformanceCases } from "@unroll/core/conformance";
import { bundle, serve } from "./bundle.ts";
import type { Report } from "./page.ts";
import { Chromium } from "./webdriver.ts";

declare const reports: Record<string, Report>;
declare const start: (mode: string) => void;

const LIMIT = 240_000; // milliseconds for a mode; a software adapter is slow
const script = await bundle(
  `import * as gpujs from "npm:gpu.js@2.24.1";
   import { listen } from "${new URL("./page.ts", import.meta.url)}";
   listen(gpujs);`,
);
const caseCount = conformanceCases(() => Promise.reject()).length;

for (const mode of MODES) {
  Deno.test(`gpujs:${mode} in Chromium passes the suite and trains like cpu`, async () => {
    await using server = serve(script);
    await using browser = await Chromium.open({ args: ["--enable-unsafe-webgpu"] });
    await browser.goto(`http://127.0.0.1:${server.addr.port}/`);
    await browser.eval((mode: string) => start(mode), mode);
    const until = Date.now() + LIMIT;
    let report: Report;
    do {
      await new Promise((wake) => setTimeout(wake, 250));
      report = await browser.eval((mode: string) => reports[mode], mode);
    } while (!report.done && Date.now() < until);
    assertEquals(report.failures, []);
    assert(report.done, `not done after ${LIMIT} ms: ${JSON.stringify(report)}`);
    assertEquals([report.passed, report.live], [caseCount, 0]);
    assertLess(report.distance!, 1e-4);
    console.log(`${mode} on ${report.adapter}: largest difference of a weight ${report.distance}`);
    const errors = (await browser.logs()).filter(({ level }) => level === "SEVERE");
    assertEquals(errors, []);
  });
}
