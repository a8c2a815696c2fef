/**
 * Services for tests without a network.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import { createLanguageModel, createModel, type Model } from "@unroll/core";
import { createService, type RequestRecord, type ServiceOptions } from "@unroll/cli/serve";
import { assertAlmostEquals, assertEquals } from "@std/assert";

/** The backend of the services. */
export const backend = createCpuBackend();

/** Examples with three labels. */
export const LABELED = [
  { text: "good day", label: "up" },
  { text: "bad day", label: "down" },
  { text: "so so", label: "flat" },
];
/** A classifier. */
export const classifier = createModel(LABELED, { cell: "gru", hidden: 12, init: "scaled" });
/** A language model. */
export const writer = createLanguageModel([{ text: "abc ".repeat(20) }], {
  cell: "gru",
  hidden: 8,
});

/** Runs `fn` with a service, and asserts that it then leaves no tensors on the backend. */
export async function withService(
  model: Model,
  fn: (ask: Ask, records: RequestRecord[], close: (seconds?: number) => Promise<void>) => unknown,
  options: ServiceOptions = {},
): Promise<void> {
  const records: RequestRecord[] = [], before = backend.live;
  const onRequest = (record: RequestRecord) => records.push(record);
  const service = createService(backend, model, { onRequest, ...options });
  const ask: Ask = async (path, body, init = {}) => {
    const response = await service.fetch(
      new Request(`http://127.0.0.1:8080${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: { "content-type": "application/json" },
        body: body === undefined || typeof body === "string" || body instanceof Uint8Array ||
            body instanceof ReadableStream
          ? body as BodyInit
          : JSON.stringify(body),
        ...init,
      }),
    );
    return response;
  };
  try {
    await fn(ask, records, service.close);
  } finally {
    await service.close(0);
  }
  assertEquals(backend.live, before);
}

/** Sends a request to a service: by POST with a body, otherwise by GET. */
export type Ask = (path: string, body?: unknown, init?: RequestInit) => Promise<Response>;

/** Asserts that two answers are equal, numbers up to rounding: batches add in another order. */
export function assertSame(given: unknown, expected: unknown): void {
  if (typeof expected === "number") return assertAlmostEquals(given as number, expected, 1e-5);
  if (typeof expected !== "object" || expected === null) return assertEquals(given, expected);
  const defined = Object.entries(expected).filter(([, value]) => value !== undefined);
  for (const [key, value] of defined) assertSame((given as Record<string, unknown>)[key], value);
}

/** Returns the names and data of the events of a response. */
export function eventsIn(text: string): [name: string, data: { text?: string; error?: string }][] {
  return text.split("\n\n").filter(Boolean).map((event) => {
    const [, name = "message", data] = /^(?:event: (\w+)\n)?data: (.*)$/.exec(event)!;
    return [name, JSON.parse(data)];
  });
}
