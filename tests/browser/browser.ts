/**
 * What the tests ask of a browser; `webdriver.ts` is Chromium, `bidi.ts` Firefox.
 *
 * @module
 */

/** One browser console entry. */
export interface LogEntry {
  /** `SEVERE` for errors, else `WARNING`, `INFO` or `DEBUG`. */
  level: string;
  /** Address, position and text. */
  message: string;
  /** `console-api`, `javascript`, `network`, … */
  source?: string;
}

/** What a page is shown on. */
export interface Viewport {
  /** In CSS pixels. */
  width: number;
  /** In CSS pixels. */
  height: number;
  /** Device pixels of a CSS pixel; 1 unless given. */
  pixelRatio?: number;
  /** Whether it is a phone's: of Chromium alone, to which it makes a difference. */
  isPhone?: boolean;
}

/** A headless browser with a fresh profile and one tab; dispose it with `await using`. */
export interface Browser extends AsyncDisposable {
  readonly name: "chromium" | "firefox";
  /** Where downloads arrive. */
  readonly downloads: string;
  /** Navigates and waits for the load event. */
  goto(url: string): Promise<void>;
  /** Runs `fn` in the page (awaiting a promise it returns) with JSON-able arguments. */
  eval<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): Promise<Awaited<R>>;
  /** A real pointer click on the first element of a CSS selector, once it is there. */
  click(css: string): Promise<void>;
  /** Types into a field, or gives a file input its path. */
  type(css: string, text: string): Promise<void>;
  /** Presses a key and lets it go, where the focus is: a character, `Tab`, `Enter`, `Escape`. */
  press(key: string): Promise<void>;
  /** The rendered text. */
  text(css: string): Promise<string>;
  /** Shows the page in a window of this size, until it is called without one. */
  resize(viewport?: Viewport): Promise<void>;
  /** Takes away what the pages of an origin have stored. */
  forget(origin: string): Promise<void>;
  /** A PNG of the viewport. */
  screenshot(): Promise<Uint8Array>;
  /** Console output and uncaught errors since the last call. */
  logs(): Promise<LogEntry[]>;
  /** A Chrome DevTools Protocol command, of Chromium alone. */
  cdp<T>(cmd: string, params?: Record<string, unknown>): Promise<T>;
}

/** Keys by their names, as WebDriver has them. */
const KEYS: Record<string, string> = {
  Tab: "\uE004",
  Enter: "\uE007",
  Escape: "\uE00C",
  End: "\uE010",
  ArrowLeft: "\uE012",
  ArrowUp: "\uE013",
  ArrowRight: "\uE014",
  ArrowDown: "\uE015",
};

/** WebDriver's actions that press some keys, one after the other. */
export function pressed(keys: readonly string[]): { type: string; value: string }[] {
  return keys.map((key) => KEYS[key] ?? key).flatMap((value) => [
    { type: "keyDown", value },
    { type: "keyUp", value },
  ]);
}

/** Asks again and again until something comes; gives up after some milliseconds. */
export async function eventually<T>(ask: () => Promise<T | undefined>, ms: number): Promise<T> {
  for (const end = Date.now() + ms;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`nothing came in ${ms} ms`);
    await new Promise((wake) => setTimeout(wake, 25));
  }
}
