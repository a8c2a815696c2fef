/**
 * Builds the playground into a folder, and serves it.
 *
 * ```sh
 * deno run -RW --allow-run packages/web/build.ts --out site
 * deno run -RW --allow-run --allow-net packages/web/build.ts --serve --port 8000
 * ```
 *
 * @module
 */
import { serve } from "./serve.ts";

const HERE = new URL("./", import.meta.url);
const COPIED = ["index.html", "style.css", "icon.svg"];
const GPUJS = "npm:gpu.js@2.24.1";

/** What {@linkcode build} made. */
export interface Built {
  /** The files' names. */
  files: string[];
  /** Why gpu.js is not among them, where it is not. */
  withoutGpuJs?: string;
}

/**
 * Writes the page into a folder that any static host can serve from any path.
 *
 * @param folder Where to. It is made where it is not there.
 */
export async function build(folder: string): Promise<Built> {
  await Deno.mkdir(folder, { recursive: true });
  const entries = ["main.ts", "worker.ts"].map((name) => new URL(name, HERE).pathname);
  await bundle(["--outdir", folder, ...entries]);
  for (const name of COPIED) await Deno.copyFile(new URL(name, HERE), `${folder}/${name}`);
  const withoutGpuJs = await buildGpuJs(folder);
  if (withoutGpuJs !== undefined) { // so that the page says so
    const html = await Deno.readTextFile(`${folder}/index.html`);
    await Deno.writeTextFile(`${folder}/index.html`, html.replace(/ *<meta name="gpujs".*>\n/, ""));
  }
  const files = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  return { files: files.sort(), withoutGpuJs };
}

/** The worker with gpu.js, in a file of its own; gives why it could not be made, if so. */
async function buildGpuJs(folder: string): Promise<string | undefined> {
  // Apart from the project, so that no other command fetches gpu.js.
  const scratch = await Deno.makeTempDir();
  try {
    const entry = `${scratch}/worker_gpujs.ts`;
    const program = `import * as gpujs from "${GPUJS}";
      import { serve } from "${new URL("worker/serve.ts", HERE)}";
      serve(gpujs);`;
    await Deno.writeTextFile(entry, program);
    await bundle(["-o", `${folder}/worker_gpujs.js`, entry]);
  } catch (error) {
    return (error as Error).message;
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

async function bundle(args: string[]): Promise<void> {
  const config = new URL("../../deno.json", HERE).pathname;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "-q", "--config", config, "--no-lock", "--platform", "browser", "--minify"]
      .concat(args),
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

if (import.meta.main) {
  const value = (flag: string) => {
    const at = Deno.args.indexOf(flag);
    return at < 0 ? undefined : Deno.args[at + 1];
  };
  const isServing = Deno.args.includes("--serve");
  const port = Number(value("--port") ?? 8000);
  if (!(Number.isInteger(port) && port >= 0 && port < 2 ** 16)) {
    console.error(`--port: expected a whole number below 65536, got "${value("--port")}"`);
    Deno.exit(2);
  }
  const folder = value("--out") ?? (isServing ? await Deno.makeTempDir() : "site");
  const { withoutGpuJs } = await build(folder);
  if (withoutGpuJs !== undefined) console.error(`Built without gpu.js: ${withoutGpuJs}`);
  if (isServing) await serve(folder, port).finished;
  else console.log(`Wrote the playground to ${folder}.`);
}
