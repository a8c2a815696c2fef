/**
 * Streams texts of a language model as server-sent events while they are generated.
 *
 * @module
 */
import { type GenerateOptions, InputError, type LanguageModel } from "@unroll/core";
import { type JsonObject, shownJson } from "../tasks/serving.ts";
import type { Lock } from "./batcher.ts";
import type { ServeLimits } from "./limits.ts";
import { CLOSING } from "./refusal.ts";

const SLICE = 10; // milliseconds of text per event: an event per letter would be mostly overhead

/** The keys of a request, with the types of their values. */
const KEYS: Record<keyof GenerateOptions, "text" | "number"> = {
  prompt: "text",
  label: "text",
  length: "number",
  temperature: "number",
  topK: "number",
  topP: "number",
  seed: "number",
};

/**
 * Returns the options of a request to generate; core checks their ranges.
 *
 * @throws {InputError} If a key is unknown, or a value has the wrong type or is too large.
 */
export function generateOptions(
  value: JsonObject,
  { unit }: LanguageModel,
  limits: Pick<ServeLimits, "length" | "generated">,
): GenerateOptions {
  for (const [key, given] of Object.entries(value)) {
    if (!Object.hasOwn(KEYS, key)) {
      throw new InputError(
        `there is no key ${JSON.stringify(key)}; the keys are ${Object.keys(KEYS).join(", ")}`,
      );
    }
    const isText = KEYS[key as keyof GenerateOptions] === "text";
    if (isText ? typeof given === "string" : typeof given === "number") continue;
    throw new InputError(
      `${key}: expected a ${isText ? "text" : "number"}, got ${shownJson(given)}`,
    );
  }
  const options = value as GenerateOptions;
  const { prompt = "", length = 0 } = options;
  if (prompt.length > limits.length) {
    throw new InputError(
      `prompt: expected at most ${limits.length} characters, got ${prompt.length}`,
    );
  }
  if (length > limits.generated) {
    throw new InputError(`length: expected at most ${limits.generated} ${unit}, got ${length}`);
  }
  return options;
}

/**
 * Why a text ended: it was `done`, the client was `gone` or too `slow`, the service `stopped`, or
 * the generation `failed`.
 */
export type GenerationEnd = "done" | "gone" | "slow" | "stopped" | "failed";

/** Options of {@linkcode generationEvents}. */
export interface EventsOptions {
  /** Allows one computation at a time. */
  lock: Lock;
  /** Resolves after one turn of the event loop. */
  turn(): Promise<void>;
  /** Seconds that a client may take to read an event. */
  timeout: number;
  /** Aborted to end the text. */
  signal: AbortSignal;
  /** Called once, at the end, with the number of generated chunks. */
  onEnd(end: GenerationEnd, count: number, error?: unknown): void;
}

/**
 * Creates the events of a text: a `message` for each chunk, and at the end `done` or `error`.
 *
 * Resolves once the first chunk is generated, so that errors in the request are thrown before.
 *
 * @throws {InputError} If the options are invalid for the model.
 */
export async function generationEvents(
  chunks: AsyncIterable<string>,
  { lock, turn, timeout, signal, onEnd }: EventsOptions,
): Promise<ReadableStream<Uint8Array>> {
  const iterator = chunks[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let count = 0, isOver = false, timer: ReturnType<typeof setTimeout> | undefined;

  /** Generates text for a moment; `isLast` at its end. */
  const slice = () =>
    lock(async () => {
      const until = performance.now() + SLICE;
      let text = "";
      do {
        const { value, done } = await iterator.next();
        if (done) return { text, isLast: true };
        text += value;
        count++;
      } while (performance.now() < until && !signal.aborted);
      return { text, isLast: false };
    });

  const end = (how: GenerationEnd, error?: unknown) => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    lock(async () => void await iterator.return?.()).catch(() => {}); // frees the weights
    onEnd(how, count, error);
  };

  let first: { text: string; isLast: boolean } | undefined;
  try {
    first = await slice();
  } catch (error) {
    end("failed", error);
    throw error;
  }

  const event = (name: string, value: unknown) =>
    encoder.encode(
      (name === "message" ? "" : `event: ${name}\n`) + `data: ${JSON.stringify(value)}\n\n`,
    );
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const finish = (how: GenerationEnd, name: string, value: unknown, error?: unknown) => {
    if (isOver) return;
    controller.enqueue(event(name, value));
    controller.close();
    end(how, error);
  };
  function stop() {
    finish("stopped", "error", { error: CLOSING });
  }
  signal.addEventListener("abort", stop);
  const watch = () => {
    timer = setTimeout(() => {
      controller.error(new Error("the client reads too slowly"));
      end("slow");
    }, 1000 * timeout);
  };

  return new ReadableStream<Uint8Array>({
    start(given) {
      controller = given;
      watch();
    },
    async pull() {
      clearTimeout(timer);
      try {
        await turn();
        const { text, isLast } = first ?? await slice();
        first = undefined;
        if (isOver) return;
        if (text !== "") controller.enqueue(event("message", { text }));
        if (isLast) return finish("done", "done", { count });
      } catch (error) {
        return finish("failed", "error", { error: "internal error" }, error);
      }
      watch();
    },
    cancel: () => end("gone"),
  }, { highWaterMark: 0 });
}
