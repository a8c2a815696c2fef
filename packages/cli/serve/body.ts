/**
 * Reads the JSON body of a request, within limits of size and time.
 *
 * @module
 */
import { isObject, type JsonObject, shownJson } from "../tasks/serving.ts";
import type { ServeLimits } from "./limits.ts";
import { Refusal } from "./refusal.ts";

const CLOSE = { connection: "close" }; // the rest of the body is not read

/**
 * Reads the JSON object in a request's body, and its size in bytes.
 *
 * @throws {Refusal} If the body is too large, arrives too slowly, or is not a JSON object.
 */
export async function readObject(
  request: Request,
  limits: Pick<ServeLimits, "body" | "timeout">,
): Promise<{ value: JsonObject; bytes: number }> {
  requireJson(request.headers);
  const bytes = await readBody(request, limits);
  const value = parse(bytes);
  if (isObject(value)) return { value, bytes: bytes.length };
  throw new Refusal(422, `the body: expected an object, got ${shownJson(value)}`);
}

/**
 * Checks that the headers declare JSON without compression.
 *
 * @throws {Refusal} If they do not (status 415).
 */
function requireJson(headers: Headers): void {
  const type = headers.get("content-type") ?? "";
  const charset = /^application\/json\s*(?:;\s*charset="?([\w-]+)"?\s*)?$/i.exec(type);
  if (!charset || !/^utf-?8$/i.test(charset[1] ?? "utf-8")) {
    const got = type === "" ? "none" : JSON.stringify(type);
    throw new Refusal(415, `content-type: expected application/json, got ${got}`, CLOSE);
  }
  const encoding = headers.get("content-encoding") ?? "identity";
  if (/^identity$/i.test(encoding)) return;
  throw new Refusal(
    415,
    `content-encoding: expected none, got ${JSON.stringify(encoding)}; send it uncompressed`,
    CLOSE,
  );
}

async function readBody(
  { headers, body }: Request,
  limits: Pick<ServeLimits, "body" | "timeout">,
): Promise<Uint8Array> {
  const tooLarge = () =>
    new Refusal(413, `the body has more than ${limits.body} bytes; send fewer at a time`, CLOSE);
  if (Number(headers.get("content-length") ?? 0) > limits.body) {
    await body?.cancel().catch(() => {});
    throw tooLarge();
  }
  if (body === null) return new Uint8Array(0);
  const reader = body.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((done) => {
    timer = setTimeout(() => done("late"), 1000 * limits.timeout);
  });
  const chunks: Uint8Array[] = [];
  let length = 0, isWhole = false;
  try {
    for (;;) {
      const next = await Promise.race([reader.read(), late]);
      if (next === "late") {
        throw new Refusal(
          408,
          `the body did not arrive within ${limits.timeout} seconds; send it faster`,
          CLOSE,
        );
      }
      if (next.done) break;
      length += next.value.length;
      if (length > limits.body) throw tooLarge();
      chunks.push(next.value);
    }
    isWhole = true;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(400, "the body was cut off; send all of it", CLOSE);
  } finally {
    clearTimeout(timer);
    if (!isWhole) reader.cancel().catch(() => {});
  }
  if (chunks.length === 1) return chunks[0];
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Parses JSON. */
function parse(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(400, "the body is not UTF-8; encode it as UTF-8");
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal(400, `the body is not JSON: ${(error as Error).message}`);
  }
}
