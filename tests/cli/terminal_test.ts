import { createModel, InputError } from "@unroll/core";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { classification } from "#cli/tasks/classification.ts";
import { linesOf } from "#cli/files/lines.ts";
import { OutputError, shellWord, statusLine, table, warn, write } from "#cli/output/terminal.ts";
import { jsonReport, tableReport } from "#cli/output/train_report.ts";

Deno.test("table() aligns columns by display width, and escapes control characters", () => {
  assertEquals(
    table([["label", "n"], ["悪い", "1"], ["é", "12"], ["e\u0301", "3"], ["\x9bm", "4"]], [0]),
    [
      "label     n",
      "悪い      1",
      "é        12",
      "e\u0301         3",
      "\\u009bm   4",
    ],
  );
});

Deno.test("a loss of any size fits into its column", () => {
  const model = createModel([{ text: "good", label: "up" }, { text: "bad", label: "down" }]);
  const sets = { examples: [], validation: [], test: [] };
  const { cells } = classification.table(model, sets);
  assertEquals(cells({ loss: 0.12345, accuracy: 1 }), ["0.1235", "100.0%"]);
  for (const loss of [99_999.123, 1e21, 1.7e308, -1e21, NaN, Infinity]) {
    const [shown] = cells({ loss, accuracy: 0 });
    assert(shown.length <= 10, shown);
  }
});

Deno.test("write() continues after partial writes and after none", () => {
  const taken: number[] = [];
  let calls = 0;
  write("schön\n", {
    writeSync(bytes) {
      if (++calls % 2 === 0) throw new Deno.errors.WouldBlock("later");
      taken.push(...bytes.subarray(0, 3));
      return Math.min(3, bytes.length);
    },
  });
  assertEquals(new TextDecoder().decode(Uint8Array.from(taken)), "schön\n");
});

Deno.test("write() and warn() end at a broken pipe; a full disk only fails write(), in one line", () => {
  const failing = (error: Error) => ({
    writeSync(): number {
      throw error;
    },
  });
  const broken = failing(new Deno.errors.BrokenPipe("Broken pipe (os error 32)"));
  assertThrows(() => write("a", broken), Deno.errors.BrokenPipe);
  assertThrows(() => warn("a", broken), Deno.errors.BrokenPipe);
  const full = failing(new Error("No space left on device (os error 28)"));
  const error = assertThrows(() => write("a", full), OutputError);
  assertEquals(error.message, "standard output: No space left on device");
  warn("a", full);
});

Deno.test("a status line is replaced on a terminal, and printed every half minute elsewhere", () => {
  let now = 0, text = "";
  const write = (part: string) => {
    text += part;
  };
  const inFile = statusLine({ isTerminal: false, write, now: () => now });
  for (let i = 0; i <= 700; i++) {
    now = 100 * i; // milliseconds
    inFile.show(`at ${now}\x1b`);
  }
  inFile.clear();
  assertEquals(text, "at 30000\\u001b\nat 60000\\u001b\n");

  text = "";
  const inTerminal = statusLine({ isTerminal: true, write, now: () => now });
  inTerminal.clear();
  inTerminal.show("one");
  inTerminal.show("two");
  inTerminal.clear();
  assertEquals(text, "\r\x1b[Kone\r\x1b[Ktwo\r\x1b[K");
});

Deno.test("both training reports show progress within an epoch", () => {
  const shown: string[] = [];
  const status = { show: (text: string) => shown.push(text), clear() {} };
  const about = { start: "", record: {}, unit: "sentences", columns: ["loss"], cells: () => [] };
  const sets = { examples: [], validation: [{ text: "good", label: "up" }], test: [] };
  for (const report of [tableReport, jsonReport]) {
    report(about, sets, 40, status).event({ type: "progress", epoch: 2, done: 30, of: 120 });
  }
  assertEquals(shown.length, 2);
  for (const text of shown) {
    assert(
      /^epoch 2 of at most 40, 25% done, \d+ sentences\/s, at most .+ left$/.test(text),
      text,
    );
  }
});

Deno.test("linesOf() joins chunks, with LF or CRLF, with and without a last newline", async () => {
  async function* chunks() {
    yield* ["go", "od\r", "\nba", "d\n\nso", "", " so\r\n", "the", " end"];
  }
  assertEquals((await Array.fromAsync(linesOf(chunks(), "input"))).flat(), [
    "good",
    "bad",
    "",
    "so so",
    "the end",
  ]);
});

Deno.test("linesOf() yields the lines before one that is too long, and stops reading", async () => {
  let read = 0;
  async function* chunks() {
    yield "good\nbad\n";
    for (; read < 10_000; read++) yield "a".repeat(4096);
  }
  const lines: string[] = [];
  await assertRejects(
    async () => {
      for await (const some of linesOf(chunks(), "standard input")) lines.push(...some);
    },
    InputError,
    `standard input:3: the text "${"a".repeat(40)}…" has more than 100000 characters`,
  );
  assertEquals(lines, ["good", "bad"]);
  assert(read < 30, `${read} chunks`);
  async function* long() {
    for (let i = 0; i < 50; i++) yield await Promise.resolve("a".repeat(4096));
  }
  const all = await Array.fromAsync(linesOf(long(), "standard input", Infinity));
  assertEquals(all.flat().map(({ length }) => length), [50 * 4096]);
});

Deno.test("shellWord() quotes what a shell would interpret", () => {
  assertEquals(["m.safetensors", "./a-b/c", "my model", "it's", "$(rm)"].map(shellWord), [
    "m.safetensors",
    "./a-b/c",
    "'my model'",
    "'it'\\''s'",
    "'$(rm)'",
  ]);
});
