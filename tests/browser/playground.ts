/**
 * The playground in a browser, for its tests.
 *
 * @module
 */
import { build } from "#web/build.ts";
import type { Browser } from "./webdriver.ts";

const TYPES: Record<string, string> = { html: "text/html", css: "text/css", js: "text/javascript" };
const MAIN = new URL("../../packages/cli/main.ts", import.meta.url).pathname;
const LOCK = new URL("../../gpujs.lock", import.meta.url).pathname;
const LIMIT = 60_000; // milliseconds

declare const document: {
  documentElement: { dataset: Record<string, string> };
  querySelector(css: string): Control | null;
};
interface Control {
  value: string;
  checked: boolean;
  textContent: string;
  click(): void;
  dispatchEvent(event: Event): void;
}

/**
 * Builds the page into a folder of its own, once for all tests of a file; after `-- --page FOLDER`,
 * copies the page that was built there, as the gate does, where a build for each file takes minutes.
 */
export async function builtPage(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "playground-" });
  const [flag, built] = Deno.args;
  if (flag === "--page") {
    for await (const { name } of Deno.readDir(built)) {
      await Deno.copyFile(`${built}/${name}`, `${folder}/${name}`);
    }
    await Deno.stat(`${folder}/worker_gpujs.js`);
    return folder;
  }
  const { withoutGpuJs } = await build(folder);
  if (withoutGpuJs) throw new Error(withoutGpuJs);
  return folder;
}

/** Serves a folder as a static host does, without any header of its own, from a sub-path. */
export function serveStatic(folder: string, path: string): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith(path)) return new Response(null, { status: 404 });
    const name = pathname.slice(path.length) || "index.html";
    const type = TYPES[name.split(".").at(-1)!] ?? "image/svg+xml";
    const body = await Deno.readFile(`${folder}/${name}`);
    return new Response(body, { headers: { "content-type": type } });
  });
}

/** A tab with the page. */
export class Playground {
  constructor(readonly browser: Browser, readonly address: string) {}

  /** Loads the page with these settings, at full speed unless another pace is asked for. */
  async open(
    settings: Record<string, string | number> = {},
    { pace = "full", keep = false }: { pace?: string; keep?: boolean } = {},
  ): Promise<void> {
    const { browser } = this;
    if (!keep) await this.forget();
    await browser.goto("about:blank"); // a change of the hash alone would not load it again
    const parts = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
    await browser.goto(`${this.address}${parts.length > 0 ? `#${parts.join("&")}` : ""}`);
    await this.until(() => document.documentElement.dataset.ready !== undefined);
    await this.choose(".pace select", pace);
  }

  /** Opens the dialog of own data, which is loaded when it is first opened. */
  async openData(): Promise<void> {
    await this.choose(".setup select", "own");
    await this.until(() => document.querySelector("dialog.data[open]") !== null);
  }

  /** Takes away what the browser has kept of a run. */
  async forget(): Promise<void> {
    await this.browser.forget(new URL(this.address).origin);
  }

  /** Waits until the page says so. */
  async until<A extends unknown[]>(is: (...args: A) => boolean, ...args: A): Promise<void> {
    for (const end = Date.now() + LIMIT; Date.now() < end;) {
      if (await this.browser.eval(is, ...args)) return;
      await new Promise((wake) => setTimeout(wake, 40));
    }
    const phase = await this.browser.eval(() => document.documentElement.dataset.phase);
    throw new Error(
      `never came: ${is} ${args}; phase ${phase}; the page says: ${await this.notices()}`,
    );
  }

  /** Waits until training is so far. */
  async phase(phase: string): Promise<void> {
    await this.until((phase) => document.documentElement.dataset.phase === phase, phase);
  }

  /** Sets a field as a visitor does. */
  async choose(css: string, value: string): Promise<void> {
    await this.browser.eval(
      (css, value) => {
        const control = document.querySelector(css)!;
        control.value = value;
        control.dispatchEvent(new Event("input", { bubbles: true }));
        control.dispatchEvent(new Event("change", { bubbles: true }));
      },
      css,
      value,
    );
  }

  /** The text of an element, at once; empty where there is none. */
  text(css: string): Promise<string> {
    return this.browser.eval((css) => document.querySelector(css)?.textContent ?? "", css);
  }

  /** What stands at the top of the page. */
  notices(): Promise<string> {
    return this.text(".notices");
  }

  /** The epochs that are done. */
  async epochs(): Promise<number> {
    return Number((await this.text("dd.epoch b")).replaceAll(",", ""));
  }

  /** Trains to the end; a network that ships with the page, from scratch. */
  async train(): Promise<void> {
    const phase = await this.browser.eval(() => document.documentElement.dataset.phase);
    await this.browser.click(".play");
    if (phase === "done") {
      await this.until(() => document.documentElement.dataset.phase !== "done");
    }
    await this.phase("done");
  }

  /** Lets the run go that is there, where the page asks. */
  async discard(): Promise<void> {
    await this.browser.eval(() =>
      document.querySelector("dialog[open] [data-choice=discard]")?.click()
    );
  }

  /** Shows a sentence, and gives the predictions after each word once they are there. */
  async predictions(sentence: string): Promise<string[]> {
    await this.choose(".asking input", sentence);
    const words = sentence.split(" ");
    await this.until(
      (words) => {
        // deno-lint-ignore no-explicit-any
        const shown = [...(document as any).querySelectorAll(".step .word")] as Control[];
        return shown.map(({ textContent }) => textContent).join(" ") === words;
      },
      words.join(" "),
    );
    return await this.browser.eval(() => {
      // deno-lint-ignore no-explicit-any
      const predictions = [...(document as any).querySelectorAll(".prediction")];
      return predictions.map((prediction) =>
        `${prediction.querySelector(".label").textContent} ` +
        prediction.querySelector(".percent").textContent
      );
    });
  }

  /** What a click downloads. */
  async download(click: () => Promise<void>, name: string): Promise<string> {
    const path = `${this.browser.downloads}/${name}`;
    await Deno.remove(path).catch(() => {});
    await click();
    for (const end = Date.now() + LIMIT; Date.now() < end;) {
      // Firefox puts an empty file there first.
      if ((await Deno.stat(path).catch(() => undefined))?.size) return path;
      await new Promise((wake) => setTimeout(wake, 40));
    }
    throw new Error(`${name} was not downloaded; the page says: ${await this.notices()}`);
  }

  /** The model's file, downloaded. */
  saveModel(): Promise<string> {
    const save = () => this.browser.click('[data-file="save"]');
    return this.download(save, "model.safetensors");
  }

  /** The command line that the page gives. */
  async command(): Promise<string> {
    await this.browser.click('[data-file="command"]');
    const command = await this.browser.eval(() =>
      document.querySelector("dialog.copy textarea")!.value
    );
    await this.browser.eval(() => document.querySelector("dialog.copy .ends button")!.click());
    return command;
  }

  /** The errors in the console since the last call. */
  async errors(): Promise<string[]> {
    const logs = await this.browser.logs();
    return logs.filter(({ level }) => level === "SEVERE").map(({ message }) => message);
  }
}

/** Runs the command line in a folder; gives what it prints. */
export async function cli(folder: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", `--lock=${LOCK}`, "--no-prompt", "--allow-read", "--allow-write", MAIN, ...args],
    cwd: folder,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** Runs a command of the page, such as `deno task train`, as a shell does in a folder. */
export async function shell(
  folder: string,
  command: string,
): Promise<{ code: number; out: string; err: string }> {
  const flags = `--quiet --lock='${LOCK}' --no-prompt --allow-read --allow-write`;
  const run = command.replace(/^deno task/, `'${Deno.execPath()}' run ${flags} '${MAIN}'`);
  const child = new Deno.Command("sh", { args: ["-c", run], cwd: folder });
  const { code, stdout, stderr } = await child.output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: decode(stdout), err: decode(stderr) };
}
