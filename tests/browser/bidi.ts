/**
 * Minimal WebDriver BiDi client for Debian's firefox-esr. No packages, no geckodriver.
 *
 * @module
 */
import { type Browser, eventually, type LogEntry, pressed, type Viewport } from "./browser.ts";

declare const window: { clicked: { at: string; isReached: boolean } };
declare const document: {
  querySelector(css: string): Shown | null;
  elementFromPoint(x: number, y: number): Shown | null;
};
interface Shown {
  innerText: string;
  tagName: string;
  className: string;
  type?: string;
  focus(): void;
  addEventListener(type: "click", act: () => void, options: { capture: boolean }): void;
  contains(other: Shown | null): boolean;
  scrollIntoView(options: unknown): void;
  getBoundingClientRect(): { left: number; top: number; width: number; height: number };
}

const START_LIMIT = 60_000; // milliseconds, of a machine that is busy
const FIND_LIMIT = 3000;
const WINDOW: Viewport = { width: 1280, height: 800 };

/** Nothing but the page: no first visit, no updates, no other host. */
const PREFERENCES: Record<string, string | number | boolean> = {
  "app.normandy.enabled": false,
  "app.update.disabledForTesting": true,
  "browser.aboutwelcome.enabled": false,
  "browser.download.alwaysOpenPanel": false,
  "browser.download.folderList": 2, // the folder in "browser.download.dir"
  "browser.download.useDownloadDir": true,
  "browser.newtabpage.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.page": 0,
  "browser.topsites.contile.enabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "dom.disable_open_during_load": false,
  "extensions.systemAddon.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,",
  "toolkit.telemetry.reportingpolicy.firstRun": false,
  "ui.useOverlayScrollbars": 1, // which take no width, as on phones and in headless Chromium
};

interface Reply {
  id?: number;
  type: "success" | "error" | "event";
  // deno-lint-ignore no-explicit-any
  result?: any;
  error?: string;
  message?: string;
  method?: string;
  params?: {
    level: string;
    text: string | null;
    type: string;
    stackTrace?: { callFrames: { url: string; lineNumber: number }[] };
  };
}

/** A headless Firefox; each {@linkcode Firefox.forget} gives it a tab with a storage of its own. */
export class Firefox implements Browser {
  readonly name = "firefox";
  #context = ""; // the tab
  #storage: string | undefined; // the user context that the tab is in
  #viewport: Viewport = WINDOW;
  #logs: LogEntry[] = [];
  #id = 0;
  readonly #waiting = new Map<number, (reply: Reply) => void>();

  private constructor(
    private readonly process: Deno.ChildProcess,
    private readonly drained: Promise<void>,
    private readonly socket: WebSocket,
    readonly downloads: string,
    private readonly scratch: string,
  ) {
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(data));
  }

  /** Starts the browser with a fresh profile and one tab. */
  static async open(): Promise<Firefox> {
    const scratch = await Deno.makeTempDir({ prefix: "firefox-" });
    const downloads = `${scratch}/downloads`, profile = `${scratch}/profile`;
    await Deno.mkdir(downloads);
    await Deno.mkdir(profile);
    const preferences = Object.entries({ ...PREFERENCES, "browser.download.dir": downloads });
    const lines = preferences.map((pair) => `user_pref(${pair.map((v) => JSON.stringify(v))});\n`);
    await Deno.writeTextFile(`${profile}/user.js`, lines.join(""));
    const process = new Deno.Command("firefox-esr", {
      args: ["--headless", "--profile", profile, "--remote-debugging-port", "0", "about:blank"],
      env: { TMPDIR: scratch, MOZ_CRASHREPORTER_DISABLE: "1" },
      stdout: "null",
      stderr: "piped",
    }).spawn();
    try {
      const output = process.stderr.pipeThrough(new TextDecoderStream());
      const address = await listens(output);
      const drained = output.pipeTo(new WritableStream());
      const socket = new WebSocket(`${address}/session`);
      await new Promise((done, fail) => {
        socket.onopen = done;
        socket.onerror = fail;
      });
      const browser = new Firefox(process, drained, socket, downloads, scratch);
      await browser.#send("session.new", { capabilities: {} });
      await browser.#send("session.subscribe", { events: ["log.entryAdded"] });
      const { contexts } = await browser.#send("browsingContext.getTree", {});
      browser.#context = contexts[0].context;
      await browser.resize();
      return browser;
    } catch (error) {
      process.kill("SIGKILL");
      await process.status;
      await Deno.remove(scratch, { recursive: true });
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#send("browser.close", {}).catch(() => {});
    const isOver = this.process.status;
    const late = setTimeout(() => this.process.kill("SIGKILL"), 10_000);
    await Promise.all([isOver, this.drained]);
    clearTimeout(late);
    if (this.socket.readyState !== WebSocket.CLOSED) {
      const isClosed = new Promise((done) => this.socket.onclose = done);
      this.socket.close();
      await isClosed;
    }
    await Deno.remove(this.scratch, { recursive: true });
  }

  #receive(reply: Reply): void {
    if (reply.id !== undefined) return this.#waiting.get(reply.id)?.(reply);
    if (reply.method !== "log.entryAdded" || !reply.params) return;
    const { level, text, type, stackTrace } = reply.params;
    const at = stackTrace?.callFrames[0];
    this.#logs.push({
      level: level === "error" ? "SEVERE" : level === "warn" ? "WARNING" : level.toUpperCase(),
      message: `${at ? `${at.url} ${at.lineNumber} ` : ""}${text}`,
      source: type,
    });
  }

  // deno-lint-ignore no-explicit-any
  async #send(method: string, params: Record<string, unknown>): Promise<any> {
    const id = ++this.#id;
    const reply = await new Promise<Reply>((done) => {
      this.#waiting.set(id, done);
      this.socket.send(JSON.stringify({ id, method, params }));
    });
    this.#waiting.delete(id);
    if (reply.type === "error") throw new Error(`${method}: ${reply.error}: ${reply.message}`);
    return reply.result;
  }

  async goto(url: string): Promise<void> {
    await this.#send("browsingContext.navigate", { context: this.#context, url, wait: "complete" });
  }

  async eval<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): Promise<Awaited<R>> {
    const { type, result, exceptionDetails } = await this.#send("script.callFunction", {
      functionDeclaration:
        `async (args) => JSON.stringify(await (${fn}).apply(null, JSON.parse(args)))`,
      arguments: [{ type: "string", value: JSON.stringify(args) }],
      target: { context: this.#context },
      awaitPromise: true,
      userActivation: true,
    });
    if (type === "exception") throw new Error(exceptionDetails.text);
    return JSON.parse(result.value ?? "null"); // as Chromium gives it for nothing
  }

  /** Waits for an element. */
  async #find(css: string): Promise<unknown> {
    const locator = { type: "css", value: css };
    return await eventually(async () => {
      const found = await this.#send("browsingContext.locateNodes", {
        context: this.#context,
        locator,
        maxNodeCount: 1,
      });
      return found.nodes[0]?.sharedId;
    }, FIND_LIMIT).catch(() => {
      throw new Error(`no such element: ${css}`);
    });
  }

  async click(css: string): Promise<void> {
    await eventually(async () => await this.#clickOnce(css) || undefined, FIND_LIMIT);
  }

  /** Clicks an element, and returns whether the click reached it or it stayed where it was. */
  async #clickOnce(css: string): Promise<boolean> {
    const sharedId = await this.#find(css);
    const isCovered = await this.eval((css) => {
      const element = document.querySelector(css)!;
      const center = () => {
        const { left, top, width, height } = element.getBoundingClientRect();
        return document.elementFromPoint(left + width / 2, top + height / 2);
      };
      if (!element.contains(center())) {
        element.scrollIntoView({ behavior: "instant", block: "center", inline: "nearest" });
      }
      const there = center(), { left, top } = element.getBoundingClientRect();
      window.clicked = { at: `${left} ${top}`, isReached: false };
      element.addEventListener("click", () => window.clicked.isReached = true, { capture: true });
      return element.contains(there) ? "" : `${there?.tagName}.${there?.className}`;
    }, css);
    if (isCovered) throw new Error(`${css} is covered by ${isCovered}`);
    const origin = { type: "element", element: { sharedId } };
    await this.#act({
      type: "pointer",
      id: "mouse",
      actions: [
        { type: "pointerMove", x: 0, y: 0, origin },
        { type: "pointerDown", button: 0 },
        { type: "pointerUp", button: 0 },
      ],
    });
    return await this.eval((css) => {
      const element = document.querySelector(css);
      if (!window.clicked || window.clicked.isReached || !element) return true; // or a new page
      const { left, top } = element.getBoundingClientRect();
      return window.clicked.at === `${left} ${top}`;
    }, css);
  }

  async #act(source: Record<string, unknown>): Promise<void> {
    await this.#send("input.performActions", { context: this.#context, actions: [source] });
  }

  async type(css: string, text: string): Promise<void> {
    const sharedId = await this.#find(css);
    const isFile = await this.eval((css) => document.querySelector(css)!.type === "file", css);
    if (isFile) {
      const given = { context: this.#context, element: { sharedId }, files: [text] };
      return await this.#send("input.setFiles", given);
    }
    await this.eval((css) => document.querySelector(css)!.focus(), css);
    await this.#act({ type: "key", id: "keyboard", actions: pressed([...text]) });
  }

  async press(key: string): Promise<void> {
    await this.#act({ type: "key", id: "keyboard", actions: pressed([key]) });
  }

  async text(css: string): Promise<string> {
    await this.#find(css);
    return await this.eval((css) => document.querySelector(css)!.innerText.trim(), css);
  }

  async resize(viewport: Viewport = WINDOW): Promise<void> {
    const { width, height, pixelRatio = 1 } = this.#viewport = viewport;
    await this.#send("browsingContext.setViewport", {
      context: this.#context,
      viewport: { width, height },
      devicePixelRatio: pixelRatio,
    });
  }

  /** What a tab stores is its user context's own. */
  async forget(): Promise<void> {
    const { userContext } = await this.#send("browser.createUserContext", {});
    const { context } = await this.#send("browsingContext.create", { type: "tab", userContext });
    const before = this.#context, storage = this.#storage;
    this.#context = context;
    this.#storage = userContext;
    await this.resize(this.#viewport);
    if (storage === undefined) {
      await this.#send("browsingContext.close", { context: before });
    } else await this.#send("browser.removeUserContext", { userContext: storage }); // and its tabs
  }

  async screenshot(): Promise<Uint8Array> {
    const context = this.#context;
    const { data } = await this.#send("browsingContext.captureScreenshot", { context });
    return Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  }

  logs(): Promise<LogEntry[]> {
    return Promise.resolve(this.#logs.splice(0));
  }

  cdp<T>(cmd: string): Promise<T> {
    return Promise.reject(new Error(`${cmd}: Firefox has no DevTools Protocol`));
  }
}

/** Firefox writes "WebDriver BiDi listening on ws://127.0.0.1:PORT". */
async function listens(output: ReadableStream<string>): Promise<string> {
  let text = "";
  const late = setTimeout(() => output.cancel(), START_LIMIT);
  try {
    for await (const chunk of output.values({ preventCancel: true })) {
      text += chunk;
      const [, address] = /listening on (ws:\S+)\s/.exec(text) ?? [];
      if (address) return address;
    }
  } finally {
    clearTimeout(late);
  }
  throw new Error(`firefox-esr did not start: ${text}`);
}
