/**
 * backend-gpujs in a real browser, from a minified bundle. Run by `deno task test:browser`, which
 * needs chromium and chromedriver.
 *
 * @module
 */
import { MODES } from "@unroll/backend-gpujs";
import { assert, assertEquals, assertLess } from "@std/assert";
import { conformanceCases } from "@unroll/core/conformance";
import type { Report } from "./page.ts";
import { Browser } from "./webdriver.ts";

declare const reports: Record<string, Report>;
declare const start: (mode: string) => void;

const LIMIT = 240_000; // milliseconds for a mode; a software adapter is slow
const script = await bundle();
const caseCount = conformanceCases(() => Promise.reject()).length;

/**
 * The page and gpu.js in one file. The import of gpu.js stands in a folder apart, and no lock file is
 * written: Deno fetches all that the project's lock file lists, for every command.
 */
async function bundle(): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(
      `${folder}/entry.ts`,
      `import * as gpujs from "npm:gpu.js@2.24.1";
       import { listen } from "${new URL("./page.ts", import.meta.url)}";
       listen(gpujs);`,
    );
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", "-q", "--config", config, "--no-lock", "--platform", "browser", "--minify"]
        .concat("-o", `${folder}/page.js`, `${folder}/entry.ts`),
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return await Deno.readTextFile(`${folder}/page.js`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function answer(request: Request): Response {
  const { pathname } = new URL(request.url);
  if (pathname === "/page.js") {
    return new Response(script, { headers: { "content-type": "text/javascript" } });
  }
  if (pathname !== "/") return new Response(null, { status: 204 });
  const html = `<!doctype html><meta charset="utf-8"><script type="module" src="page.js"></script>`;
  return new Response(html, { headers: { "content-type": "text/html" } });
}

for (const mode of MODES) {
  Deno.test(`gpujs:${mode} in chromium passes the suite and trains as cpu does`, async () => {
    await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, answer);
    await using browser = await Browser.open({ args: ["--enable-unsafe-webgpu"] });
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
