/**
 * Builds the playground into a folder, and optionally serves it.
 *
 * ```sh
 * deno run --lock=gpujs.lock -RW packages/web/build.ts --out site
 * deno run --lock=gpujs.lock -RW --allow-net=127.0.0.1 packages/web/build.ts --serve --port 8000
 * ```
 *
 * @module
 */
import { InputError } from "@unroll/core/texts";
import { serve, type ServeOptions } from "./serve.ts";
import { trainedNetwork } from "./trained_network.ts";
import { removeFoldersOnSignals, withTemporaryFolder } from "./temporary.ts";

const HERE = new URL("./", import.meta.url);
const COPIED = ["icon.svg"];
const PAGES: readonly Page[] = [
  { html: "index.html", script: "main.js", entry: "main.ts" },
  { html: "numbers.html", script: "numbers.js", entry: "numbers/main.ts" },
];
// One file per purpose in `styles/`, joined in this order.
const STYLE_PARTS = [
  "colors",
  "base",
  "controls",
  "frame",
  "transport",
  "stage",
  "setup",
  "picture",
  "columns",
  "motion",
  "predictions",
  "writer",
  "details",
  "inspecting",
  "memory",
  "charts",
  "compare",
  "evaluation",
  "weights",
  "dialogs",
  "tour",
  "run",
  "tools",
  "embed",
].map((name) => `styles/${name}.css`);
// Style parts that the page of numbers does not need.
const TEXTS_ALONE = [
  "columns",
  "motion",
  "writer",
  "details",
  "memory",
  "compare",
  "tour",
  "embed",
].map((name) => `styles/${name}.css`);
const STYLES: Record<string, readonly string[]> = {
  "style.css": STYLE_PARTS,
  "numbers.css": [...STYLE_PARTS.filter((part) => !TEXTS_ALONE.includes(part)), "numbers.css"],
  "gestures.css": ["gestures.css"],
};
const SCRIPTS = {
  "forecast_worker.js": "numbers/forecast_worker.ts",
  "gestures_worker.js": "numbers/gestures_start.ts",
  "report_worker.js": "numbers/report_worker.ts",
  "own_data.js": "worker/data_preview.ts",
  "tools_worker.js": "tools/worker.ts",
};
const OWN_DATA = 'import(new URL("./own_data.js", import.meta.url).href)';
const GPUJS = "npm:gpu.js@2.24.1";

interface Page {
  html: string;
  script: string;
  entry: string;
}

/** What {@linkcode build} wrote. */
export interface Built {
  /** The names of the files. */
  files: string[];
  /** Why gpu.js could not be included, if it could not. */
  withoutGpuJs?: string;
}

/**
 * Builds the page into a folder that any static host can serve from any path.
 *
 * @param folder The output folder, created if it does not exist.
 */
export async function build(folder: string): Promise<Built> {
  await Deno.mkdir(folder, { recursive: true });
  await buildScripts(folder);
  for (const page of PAGES) await buildPage(folder, page);
  await buildWorker(folder);
  for (const name of COPIED) await Deno.copyFile(new URL(name, HERE), `${folder}/${name}`);
  for (const [name, parts] of Object.entries(STYLES)) {
    const texts = await Promise.all(parts.map((part) => Deno.readTextFile(new URL(part, HERE))));
    const style = texts.join("\n"); // without comments and indents
    const short = style.replace(/\/\*[^]*?\*\//g, "").replace(/^\s+/gm, "")
      .replace(/\n?([{};,])\n/g, "$1").replace(/ \{/g, "{");
    await Deno.writeTextFile(`${folder}/${name}`, short);
  }
  const withoutGpuJs = await buildGpuJs(folder);
  if (withoutGpuJs !== undefined) { // so that the page can report it
    const html = await Deno.readTextFile(`${folder}/index.html`);
    await Deno.writeTextFile(`${folder}/index.html`, html.replace(/ *<meta name="gpujs".*>\n/, ""));
  }
  await buildServiceWorker(folder);
  return { files: await filesOf(folder), withoutGpuJs };
}

async function filesOf(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}

const SERVICE_WORKER = "service_worker.js", GPUJS_WORKER = "worker_gpujs.js";

/** Builds the service worker, which keeps all files but gpu.js, as large as the others together. */
async function buildServiceWorker(folder: string): Promise<void> {
  const files = (await filesOf(folder))
    .filter((name) => /\.(html|css|js|svg)$/.test(name) && name !== SERVICE_WORKER);
  const contents = await Promise.all(files.map((name) => Deno.readFile(`${folder}/${name}`)));
  const named = files.flatMap((name, i) => [`${name} ${contents[i].length}\n`, contents[i]]);
  const hash = await crypto.subtle.digest("SHA-256", await new Blob(named).arrayBuffer());
  const version = new Uint8Array(hash).toHex().slice(0, 16);
  const kept = [
    "index.html",
    ...files.filter((name) => name !== "index.html" && name !== GPUJS_WORKER),
  ];
  await withTemporaryFolder(async (scratch) => {
    const entry = `${scratch}/service_worker.ts`;
    const program = `import { serveOffline } from "${new URL("service_worker.ts", HERE)}";
      serveOffline(${JSON.stringify({ version, files: kept })});`;
    await Deno.writeTextFile(entry, program);
    await bundle({ entrypoints: [entry], outputPath: `${folder}/${SERVICE_WORKER}` });
  });
}

/** Bundles the scripts, together, because they have most modules in common. */
function buildScripts(folder: string): Promise<void> {
  return withTemporaryFolder(async (scratch) => {
    const entrypoints = Object.values(SCRIPTS).map((entry) => new URL(entry, HERE).pathname);
    await bundle({ entrypoints, outputDir: scratch });
    for (const [name, entry] of Object.entries(SCRIPTS)) {
      await Deno.copyFile(`${scratch}/${entry.replace(/\.ts$/, ".js")}`, `${folder}/${name}`);
    }
  });
}

/** Bundles a program; parts that are not needed at first go into separate files. */
function bundleParts(entry: string, outputPath: string): Promise<void> {
  const folder = outputPath.replace(/\/[^/]*$/, "");
  return withTemporaryFolder(async (scratch) => {
    await bundle({ entrypoints: [entry], outputDir: scratch, codeSplitting: true });
    const own = entry.replace(/.*\//, "").replace(/\.ts$/, ".js");
    for await (const { name } of Deno.readDir(scratch)) {
      await Deno.copyFile(`${scratch}/${name}`, name === own ? outputPath : `${folder}/${name}`);
    }
  });
}

/** Builds a page with its program. */
async function buildPage(folder: string, { html, script, entry }: Page): Promise<void> {
  await bundleParts(new URL(entry, HERE).pathname, `${folder}/${script}`);
  // Preload what the program imports first, so that it arrives with the program, not after it.
  const program = await Deno.readTextFile(`${folder}/${script}`);
  const links = [...program.matchAll(/\bfrom"\.\/(chunk-\w+\.js)"|^import"\.\/(chunk-\w+\.js)"/g)]
    .map(([, from, whole]) => `<link rel="modulepreload" href="${from ?? whole}">\n    `);
  const markup = await Deno.readTextFile(new URL(html, HERE));
  const place = '<script type="module"';
  await Deno.writeTextFile(`${folder}/${html}`, markup.replace(place, links.join("") + place));
}

/** Builds the worker, including the trained network that the page opens with. */
function buildWorker(folder: string): Promise<void> {
  return withTemporaryFolder(async (scratch) => {
    const entry = `${scratch}/worker.ts`;
    const program = `import { serve } from "${new URL("worker/serve.ts", HERE)}";
      import shipped from "./trained.json" with { type: "json" };
      serve({ shipped, ownData: () => ${OWN_DATA} });`;
    await Deno.writeTextFile(`${scratch}/trained.json`, JSON.stringify(await trainedNetwork()));
    await Deno.writeTextFile(entry, program);
    await bundleParts(entry, `${folder}/worker.js`);
  });
}

/** Builds the worker with gpu.js as a separate file; returns the reason if that failed. */
function buildGpuJs(folder: string): Promise<string | undefined> {
  // Outside the project, so that no other command downloads gpu.js.
  return withTemporaryFolder(async (scratch) => {
    const entry = `${scratch}/worker_gpujs.ts`;
    const program = `import * as gpujs from "${GPUJS}";
      import { serveWithGpuJs } from "${new URL("worker/gpujs.ts", HERE)}";
      serveWithGpuJs(gpujs, () => ${OWN_DATA});`;
    await Deno.writeTextFile(entry, program);
    try {
      await bundle({ entrypoints: [entry], outputPath: `${folder}/${GPUJS_WORKER}` });
    } catch (error) {
      return (error as Error).message;
    }
  });
}

async function bundle(
  options: { entrypoints: string[]; outputPath?: string; outputDir?: string; codeSplitting?: true },
): Promise<void> {
  const { success, errors } = await Deno.bundle({
    ...options,
    platform: "browser",
    minify: true,
    write: true,
  });
  if (!success) throw new Error(errors.map(({ text }) => text).join("; "));
}

interface Flags extends ServeOptions {
  isServing: boolean;
  out?: string;
  port: number;
}

function readFlags(args: readonly string[]): Flags {
  const flags: Flags = { isServing: false, port: 8000 };
  for (let i = 0; i < args.length; i++) {
    const flag = args[i];
    if (flag === "--serve") {
      flags.isServing = true;
      continue;
    }
    if (flag === "--embed") {
      flags.isEmbeddable = true;
      continue;
    }
    if (flag !== "--out" && flag !== "--port" && flag !== "--host") {
      throw new InputError(`unknown flag "${flag}"; expected ${FLAGS}`);
    }
    const value = args[++i];
    if (!value) throw new InputError(`${flag}: expected a value after it`);
    if (flag === "--out") flags.out = value;
    else if (flag === "--host") flags.host = hostOf(value);
    else flags.port = portOf(value);
  }
  return flags;
}

const FLAGS = "--out FOLDER, --serve, --port NUMBER, --host NAME, --embed";

function hostOf(value: string): string {
  if (/^[\w.-]+(:\d+)?$/.test(value)) return value;
  throw new InputError(`--host: expected a name such as unroll.example, got "${value}"`);
}

function portOf(value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port < 2 ** 16) return port;
  throw new InputError(`--port: expected a whole number below 65536, got "${value}"`);
}

async function main({ isServing, out, port, ...options }: Flags): Promise<void> {
  const make = async (folder: string) => {
    const { withoutGpuJs } = await build(folder);
    if (withoutGpuJs !== undefined) console.error(`Built without gpu.js: ${withoutGpuJs}`);
    if (isServing) await serve(folder, port, options).finished;
    else console.log(`Wrote the playground to ${folder}.`);
  };
  removeFoldersOnSignals();
  if (isServing && out === undefined) await withTemporaryFolder(make);
  else await make(out ?? "site");
}

if (import.meta.main) {
  try {
    await main(readFlags(Deno.args));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isInUse = error instanceof Deno.errors.AddrInUse;
    console.error(
      isInUse ? "--port: is in use; choose another, or 0 for any free one" : error.message,
    );
    Deno.exit(error instanceof InputError || isInUse ? 2 : 1);
  }
}
