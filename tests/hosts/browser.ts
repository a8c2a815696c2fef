/**
 * The small suite in browsers, and exported modules. Run by `deno task test:browser`.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { serve } from "#tests/browser/bundle.ts";
import { Firefox } from "#tests/browser/bidi.ts";
import { Chromium } from "#tests/browser/webdriver.ts";
import { allCases, askingScript, assertAnswers, type ExportedCase } from "./exported.ts";
import type { HostReport } from "./few.ts";
import { assertAsHere, fewAsScript } from "./host.ts";

declare const fewReport: HostReport | undefined;

const LIMIT = 120_000; // milliseconds

const BROWSERS = { Chromium: () => Chromium.open(), Firefox: () => Firefox.open() };

for (const [name, open] of Object.entries(BROWSERS)) {
  Deno.test(`${name} passes the small suite, with Deno's weights`, async () => {
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

declare const answers: unknown[][] | undefined;

// Only scripts of the page's own origin: no inline scripts, no eval, no WebAssembly.
const POLICY = "default-src 'none'; script-src 'self'; worker-src 'self'; img-src 'self'";

/** Serves modules and a page whose script calls them, directly or in a worker. */
function serveModules(cases: readonly ExportedCase[], isWorker: boolean) {
  const files = new Map(cases.map(({ name, source }) => [`/${name}.mjs`, source]));
  files.set("/ask.mjs", askingScript(cases, "(globalThis.document ? set : postMessage)(answers);"));
  files.set("/set.mjs", "globalThis.set = (answers) => globalThis.answers = answers;");
  files.set(
    "/worker.mjs",
    'new Worker("ask.mjs", { type: "module" }).onmessage = ({ data }) => globalThis.answers = data;',
  );
  const scripts = isWorker ? ["worker.mjs"] : ["set.mjs", "ask.mjs"];
  const html = `<!doctype html><meta charset="utf-8">` +
    scripts.map((name) => `<script type="module" src="${name}"></script>`).join("");
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const { pathname } = new URL(request.url), script = files.get(pathname);
    if (pathname !== "/" && script === undefined) return new Response(null, { status: 204 });
    const type = script === undefined ? "text/html" : "text/javascript";
    const headers = { "content-type": type, "content-security-policy": POLICY };
    return new Response(script ?? html, { headers });
  });
}

for (const [name, open] of Object.entries(BROWSERS)) {
  for (const isWorker of [false, true]) {
    const where = isWorker ? "a worker of " : "";
    Deno.test(`exported modules predict in ${where}${name} like their models, under a strict CSP`, async () => {
      const cases = await allCases();
      await using server = serveModules(cases, isWorker);
      await using browser = await open();
      await browser.goto(`http://127.0.0.1:${server.addr.port}/`);
      const until = Date.now() + LIMIT;
      let found: unknown[][] | undefined;
      while (!found && Date.now() < until) {
        await new Promise((wake) => setTimeout(wake, 100));
        // Typed arrays arrive as plain ones.
        found = await browser.eval(() =>
          typeof answers === "undefined" ? undefined : JSON.parse(JSON.stringify(answers))
        );
      }
      assert(found, `nothing came in ${LIMIT} ms`);
      assertAnswers(cases, found);
      const errors = (await browser.logs()).filter(({ level }) => level === "SEVERE");
      assertEquals(errors, []);
    });
  }
}
