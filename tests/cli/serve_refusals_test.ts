import { createService, type RequestRecord } from "@unroll/cli/serve";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { backend, classifier, withService } from "#tests/cli/service.ts";
import { replacing } from "#tests/support/helpers.ts";

const long = "a".repeat(200);

Deno.test("each refusal has a status, and a line of JSON with what to do", async () => {
  const cases: [
    status: number,
    problem: RegExp,
    path: string,
    body?: unknown,
    init?: RequestInit,
  ][] = [
    [404, /the paths are \/health, \/model, \/predict, \/generate$/, "/"],
    [404, /no such path/, "/predict/"],
    [404, /no such path/, "/__proto__"],
    [404, /POST \/predict/, "/generate", {}],
    [405, /^expected POST, got GET$/, "/predict"],
    [405, /^expected GET, HEAD, got POST$/, "/health", {}],
    [405, /got OPTIONS$/, "/predict", undefined, { method: "OPTIONS" }],
    [415, /got none$/, "/predict", new Uint8Array(2), { headers: {} }],
    [415, /got "text\/plain"$/, "/predict", "{}", { headers: { "content-type": "text/plain" } }],
    [415, /json; charset=latin1"$/, "/predict", "{}", {
      headers: { "content-type": "application/json; charset=latin1" },
    }],
    [415, /content-encoding: expected none, got "gzip"/, "/predict", "{}", {
      headers: { "content-type": "application/json", "content-encoding": "gzip" },
    }],
    [413, /more than 300 bytes/, "/predict", { text: long + long }],
    [400, /^the body is not JSON: /, "/predict", "{"],
    [400, /^the body is not JSON: /, "/predict", ""],
    [400, /^the body is not JSON: /, "/predict", '{"text":"\u0000"}'],
    [
      400,
      /^the body is not UTF-8; encode it as UTF-8$/,
      "/predict",
      Uint8Array.of(0x22, 0xff, 0x22),
    ],
    [422, /expected an object, got a list$/, "/predict", "[".repeat(50) + "]".repeat(50)],
    [422, /expected an object, got null$/, "/predict", "null"],
    [422, /there is no text; give one, such as \{"text":"not bad at all"\}/, "/predict", {}],
    [422, /^text: expected a text, got 5$/, "/predict", { text: 5 }],
    [422, /^text: expected a text, got an object$/, "/predict", { text: {} }],
    [422, /^texts: expected a list; for one, give text$/, "/predict", { texts: "a" }],
    [422, /^texts\[1\]: expected a text, got null$/, "/predict", { texts: ["a", null] }],
    [422, /^texts: expected at most 3, got 4$/, "/predict", { texts: ["a", "b", "c", "d"] }],
    [422, /^give text or texts, not both$/, "/predict", { text: "a", texts: [] }],
    [422, /^there is no key "beam"; the keys are text, texts$/, "/predict", { text: "a", beam: 2 }],
    [422, /^there is no key "__proto__"/, "/predict", '{"text":"a","__proto__":1}'],
    [422, /^text: expected a length of at most 100, got 200$/, "/predict", { text: long }],
    [422, /"zzz" has no word that the model knows/, "/predict", { text: "zzz" }],
    [422, /"" has no words/, "/predict", { text: "" }],
  ];
  await withService(classifier, async (ask, records) => {
    for (const [status, problem, path, body, init] of cases) {
      const response = await ask(path, body, init);
      const text = await response.text();
      assertEquals([response.status, text.endsWith("\n")], [status, true], text);
      assertMatch(JSON.parse(text).error, problem);
      assertEquals(response.headers.get("content-type"), "application/json; charset=utf-8");
    }
    assertEquals(records.map(({ status }) => status), cases.map(([status]) => status));
    assertEquals(records.filter(({ error }) => error !== undefined), []);
  }, { limits: { body: 300, items: 3, length: 100 } });
});

Deno.test("deep nesting, lone surrogates and odd characters get a response", async () => {
  await withService(classifier, async (ask) => {
    const deep = '{"text":' + "[".repeat(400_000) + "]".repeat(400_000) + "}";
    assertEquals((await ask("/predict", deep)).status, 422);
    const objects = '{"a":'.repeat(100_000) + "1" + "}".repeat(100_000);
    assertEquals((await ask("/predict", objects)).status, 422);
    for (const text of ["good \ud800", "good \u0000\u202e\x9b2J", "good " + "😀".repeat(2000)]) {
      const response = await ask("/predict", { text });
      assertEquals(response.status, 200);
      assertEquals((await response.json()).text, text);
    }
  });
});

Deno.test("a missing body gets status 408, a truncated one 400", async () => {
  await withService(classifier, async (ask) => {
    let isCancelled = false;
    const slow = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"te')),
      cancel: () => void (isCancelled = true),
    });
    const response = await ask("/predict", slow);
    assertEquals([response.status, response.headers.get("connection")], [408, "close"]);
    assertMatch(await response.text(), /did not arrive within 0.05 seconds/);
    assert(isCancelled);
    const broken = new ReadableStream({
      pull: (controller) => controller.error(new Error("gone")),
    });
    const cut = await ask("/predict", broken);
    assertEquals(cut.status, 400);
    assertMatch(await cut.text(), /was cut off/);
  }, { limits: { timeout: 0.05 } });
});

Deno.test("on the loopback address, a request for another host name is refused", async () => {
  await withService(classifier, async (ask) => {
    for (
      const [host, status] of [
        ["localhost:9", 200],
        ["127.0.0.1", 200],
        ["LOCALHOST", 200],
        ["[::1]:8080", 200],
        ["evil.example", 403],
        ["localhost.evil.example:8080", 403],
        ["127.0.0.1@evil.example", 403],
      ] as const
    ) {
      const response = await ask("/health", undefined, { headers: { host } });
      assertEquals(response.status, status, host);
      await response.body!.cancel();
    }
  }, { hosts: ["127.0.0.1", "localhost", "[::1]"] });
});

Deno.test("GET /model describes a model and its requests", async () => {
  await withService(classifier, async (ask) => {
    const { name, task, labels, config, weights, ask: how } = await (await ask("/model")).json();
    assertEquals([name, task, config.cell], ["mine", "classification", "gru"]);
    assertEquals(labels, ["down", "flat", "up"]);
    const sizes = Object.values(classifier.weights).map(({ length }) => length);
    assertEquals(weights, sizes.reduce((sum, size) => sum + size, 0));
    assertEquals(how, { path: "/predict", example: { text: "not bad at all" }, options: [] });
    const head = await ask("/health", undefined, { method: "HEAD" });
    assertEquals([head.status, await head.text()], [200, ""]);
  }, { name: "mine" });
});

Deno.test("a device failure gets status 500, and is explained only in the log", async () => {
  const records: RequestRecord[] = [];
  const broken = replacing(backend, {
    matmul() {
      throw new TypeError("the device is on fire");
    },
    rnnForward: undefined,
    gruForward: undefined,
  });
  const onRequest = (record: RequestRecord) => records.push(record);
  const service = createService(broken, classifier, { onRequest });
  const response = await service.fetch(
    new Request("http://127.0.0.1/predict", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"text":"good"}',
    }),
  );
  assertEquals([response.status, await response.json()], [500, { error: "internal error" }]);
  assertMatch(records[0].error!, /on fire/);
  await service.close();
});
