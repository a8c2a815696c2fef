import { createForecaster, generate, predict } from "@unroll/core";
import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  assertSame,
  backend,
  classifier,
  eventsIn,
  withService,
  writer,
} from "#tests/cli/service.ts";

Deno.test("POST /generate sends the results of generate() as events", async () => {
  const options = { prompt: "ab", length: 40, temperature: 0.9, topK: 3, topP: 0.9, seed: 3 };
  const expected = (await Array.fromAsync(generate(backend, writer, options))).join("");
  await withService(writer, async (ask, records) => {
    const response = await ask("/generate", options);
    assertEquals(response.headers.get("content-type"), "text/event-stream");
    const events = eventsIn(await response.text());
    assertEquals(events.at(-1), ["done", { count: 40 }] as never);
    assertEquals(events.slice(0, -1).map(([, { text }]) => text).join(""), expected);
    assertEquals(records.map(({ status, end, generated }) => [status, end, generated]), [
      [200, "done", 40],
    ]);
    for (
      const [body, problem] of [
        [{ length: 0 }, /length must be/],
        [{ length: 1e9 }, /^length: expected at most 10000 characters, got 1000000000$/],
        [{ length: "5" }, /^length: expected a number, got "5"$/],
        [{ prompt: 5 }, /^prompt: expected a text, got 5$/],
        [{ prompt: "Zz" }, /the model has not seen/],
        [{ prompt: "a".repeat(10_001) }, /^prompt: expected at most 10000 characters/],
        [{ words: 5 }, /^there is no key "words"/],
        [{ temperature: -1 }, /temperature/],
        [[], /expected an object, got a list/],
      ] as const
    ) {
      const refused = await ask("/generate", body);
      assertEquals(refused.status, 422, JSON.stringify(body));
      assertMatch((await refused.json()).error, problem);
    }
  });
});

Deno.test("generation stops when the client disconnects, and frees its weights", async () => {
  await withService(writer, async (ask, records) => {
    const reader = (await ask("/generate", { length: 10_000 })).body!.getReader();
    await reader.read();
    await reader.cancel();
    assertEquals(records.map(({ end }) => end), ["gone"]);
    assert(records[0].generated! < 10_000);
  });
});

Deno.test("a client that reads no events is disconnected after the timeout", async () => {
  await withService(writer, async (ask, records) => {
    const reader = (await ask("/generate", { length: 10_000 })).body!.getReader();
    await reader.read();
    await new Promise((done) => setTimeout(done, 100));
    assertEquals(records.map(({ end }) => end), ["slow"]);
    await reader.read().then(() => assert(false), (error) => assertMatch(error.message, /slowly/));
  }, { limits: { timeout: 0.05 } });
});

Deno.test("at most --max-streams texts are generated at a time", async () => {
  await withService(writer, async (ask) => {
    const first = await ask("/generate", { length: 1000 });
    const second = await ask("/generate", { length: 10 });
    assertEquals([second.status, second.headers.get("retry-after")], [503, "1"]);
    await second.body!.cancel();
    await first.body!.cancel();
    const third = await ask("/generate", { length: 10 });
    assertEquals(third.status, 200);
    await third.text();
  }, { limits: { streams: 1 } });
});

Deno.test("simultaneous requests are batched, with the same answers", async () => {
  const words = ["good", "bad", "day", "so"];
  const texts = Array.from({ length: 40 }, (_, i) => `${words[i % 4]} ${words[(i >> 2) % 4]} day`);
  const expected = await predict(backend, classifier, texts);
  await withService(classifier, async (ask, records) => {
    const responses = await Promise.all(texts.map((text) => ask("/predict", { text })));
    for (const [i, response] of responses.entries()) {
      const { label, probabilities } = expected[i];
      assertSame(await response.json(), { text: texts[i], label, probabilities });
    }
    assertEquals(new Set(records.map(({ batch }) => batch)), new Set([40]));
  });
});

Deno.test("in a batch of requests, only the invalid one fails", async () => {
  const columns = ["sold"], values = [Float64Array.from({ length: 60 }, (_, t) => t % 7)];
  const forecaster = createForecaster([{ columns, values }], { horizon: 2, window: 8 });
  await withService(forecaster, async (ask, records) => {
    const bodies = [[...values[0]], [1, 2], [...values[0].slice(9)]].map((series) => ({ series }));
    const responses = await Promise.all(bodies.map((body) => ask("/predict", body)));
    assertEquals(responses.map(({ status }) => status), [200, 422, 200]);
    await Promise.all(responses.map((response) => response.text()));
    assertEquals(records.map(({ batch }) => batch).filter(Boolean), [1, 1]);
  });
  const texts = ["good day", "bad day"];
  await withService(classifier, async (ask) => {
    const responses = await Promise.all(
      [...texts.map((text) => ({ text })), { texts }].map((body) => ask("/predict", body)),
    );
    const [first, second, both] = await Promise.all(responses.map((each) => each.json()));
    assertSame(both, { predictions: [first, second] });
  });
});

Deno.test("a request waits in the queue, or gets status 503 if it is full", async () => {
  await withService(classifier, async (ask) => {
    const responses = await Promise.all(
      Array.from({ length: 5 }, () => ask("/predict", { text: "good" })),
    );
    const statuses = responses.map(({ status }) => status).sort();
    assertEquals(statuses, [200, 200, 503, 503, 503]);
    assertMatch(await responses.at(-1)!.text(), /2 requests are already waiting; try again later/);
    for (const response of responses.slice(0, -1)) await response.body!.cancel();
  }, { limits: { queue: 2 } });
});

Deno.test("close() answers requests in progress, ends generation, and refuses new ones", async () => {
  await withService(writer, async (ask, records, close) => {
    const events = (await ask("/generate", { length: 10_000 })).text();
    await close(0.02);
    assertEquals(eventsIn(await events).at(-1), [
      "error",
      { error: "the server is shutting down" },
    ]);
    assertEquals(records.map(({ end }) => end), ["stopped"]);
    assertEquals((await ask("/health")).status, 503);
    assertEquals((await ask("/generate", {})).status, 503);
  });
  await withService(classifier, async (ask, _, close) => {
    const under = Array.from({ length: 3 }, () => ask("/predict", { text: "good" }));
    await new Promise((done) => setTimeout(done, 0));
    const [responses] = await Promise.all([Promise.all(under), close()]);
    assertEquals(responses.map(({ status }) => status), [200, 200, 200]);
    const late = await ask("/predict", { text: "good" });
    assertEquals([late.status, late.headers.get("retry-after")], [503, "1"]);
  });
});
