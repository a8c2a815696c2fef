import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { inFolder, start, unroll } from "./helpers.ts";

const EVIL = "\x1b]0;t\x07\x1b[31m\x9b2J\u202ered";
// deno-lint-ignore no-control-regex
const UNSAFE = /[\0-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** Runs a command, and throws if it prints control characters. */
async function safe(args: string[], cwd: string) {
  const ended = await unroll(args, { cwd });
  for (const text of [ended.out, ended.err]) assert(!UNSAFE.test(text), JSON.stringify(text));
  return ended;
}

Deno.test("no command prints control characters from a name, flag, data or model", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(
      `${cwd}/${EVIL}.csv`,
      `text,label\ngood${EVIL} ${EVIL},${EVIL}up\nbad${EVIL},down\nso ${EVIL}${EVIL},down\n`,
    );
    const data = `${EVIL}.csv`, model = `${EVIL}.model`;
    const run = ["train", "--data", data, "--out", model, "--epochs", "1", "--hidden", "2"];
    assertEquals((await safe([...run, "--report", `${EVIL}.html`], cwd)).status, 0);
    const commands: [status: number, args: string[]][] = [
      [0, ["evaluate", "--model", model, "--data", data]],
      [0, ["inspect", "--model", model]],
      [0, ["inspect", "--model", model, "--gradients", "--data", data]],
      [0, ["predict", "--json", "--model", model, `good${EVIL}`]],
      [0, ["predict", "--model", model, `good${EVIL}`]],
      [2, ["predict", "--model", model, `${EVIL} zounds`, "\n"]],
      [2, ["predict", "--model", `${EVIL}\n`, "good"]],
      [2, ["predict", "--model", data, "good"]],
      [2, ["generate", "--model", model]],
      [2, ["train", "--epochs", EVIL]],
      [2, ["train", EVIL]],
      [2, ["train", `--${EVIL}`]],
      [2, ["train", "--backend", EVIL]],
      [2, ["train", "--data", data, "--label-weights", `${EVIL}=3`]],
      [2, ["train", "--data", data, "--text-column", EVIL]],
      [2, [EVIL]],
    ];
    for (const [status, args] of commands) {
      const ended = await safe(args, cwd);
      assertEquals(ended.status, status, `${args}: ${ended.err}`);
      if (status === 2) assertMatch(ended.err, /^(error: [^\n]+\n){1,2}$/);
    }
    const shown = await safe(["predict", "--json", "--model", model, `good${EVIL}`], cwd);
    assertEquals(JSON.parse(shown.out).text, `good${EVIL}`); // escaped without loss
  }));

Deno.test("predict ends when the reader of its output closes the pipe", () =>
  inFolder(async (cwd) => {
    await unroll(["train", "--epochs", "1", "--hidden", "2"], { cwd });
    const child = start(["predict"], { cwd, input: true });
    const reader = child.stdout.getReader(), writer = child.stdin.getWriter();
    const some = new TextEncoder().encode("it is fine\n".repeat(1000));
    await writer.write(some);
    await reader.read();
    await reader.cancel();
    let isOver = false;
    const status = child.status.then((status) => {
      isOver = true;
      return status;
    });
    let written = 0; // bytes, far more than pipes hold
    while (!isOver && written < 4_000_000) {
      await writer.write(some).catch(() => status);
      written += some.length;
    }
    await writer.close().catch(() => {});
    assertEquals([(await status).code, await new Response(child.stderr).text()], [0, ""]);
    assert(written < 4_000_000, "predict continued to read");
  }));

Deno.test({
  name: "a full disk behind standard output gives status 1 and one line",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    inFolder(async (cwd) => {
      await Deno.writeTextFile(`${cwd}/own.csv`, "text,label\ngood,up\nbad,down\n");
      await unroll("train --data own.csv --epochs 1 --hidden 2".split(" "), { cwd });
      const main = new URL("../../packages/cli/main.ts", import.meta.url).pathname;
      const commands = [
        "--help",
        "train --help",
        "backends",
        "predict good",
        "predict --json good",
        "evaluate --data own.csv",
        "inspect",
        "inspect --json",
      ];
      for (const command of commands) {
        const { code, stderr } = await new Deno.Command("sh", {
          args: ["-c", `exec "$0" run -q --no-prompt -R -W "$1" ${command} > /dev/full`]
            .concat(Deno.execPath(), main),
          cwd,
          env: { NO_COLOR: "1" },
        }).output();
        assertEquals(
          [code, new TextDecoder().decode(stderr)],
          [1, "error: standard output: No space left on device\n"],
          command,
        );
      }
    }),
});

/** Ten texts of 1,000 words. */
const ARTICLES = "text,label\n" +
  Array.from({ length: 10 }, (_, i) => {
    const words = Array.from({ length: 1000 }, (_, j) => `word${(7 * i + 13 * j) % 90}`);
    return `"${words.join(" ")}",${i % 2 ? "up" : "down"}`;
  }).join("\n");

Deno.test("long articles are shortened to a line in the terminal, and also in the report", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/articles.csv`, ARTICLES);
    const run = "train --data articles.csv --epochs 1 --hidden 32 --validation 0 --report r.html";
    const { status, out, err } = await unroll(run.split(" "), { cwd });
    assertEquals([status, err], [0, ""]);
    for (const line of out.split("\n")) assert(line.length <= 100, line);
    const page = await Deno.readTextFile(`${cwd}/r.html`);
    assert(page.length < 400_000, `${page.length}`);
    assertMatch(page, /(word\d+ ){40}.*… \(6,\d{3} characters\)/);
    assert(!/(word\d+ ){100}/.test(page));
    const text = ARTICLES.split("\n")[1].slice(1, -6);
    const answer = await unroll(["predict", text], { cwd });
    assert(answer.out.length < 110, answer.out);
  }));

Deno.test("taggers report the number of words, and of sentences", () =>
  inFolder(async (cwd) => {
    const rows = Array.from({ length: 12 }, (_, i) => `meet ann at w${i} now,O PERSON O O TIME`);
    await Deno.writeTextFile(`${cwd}/tags.csv`, `text,label\n${rows.join("\n")}\n`);
    const run = "train --data tags.csv --test tags.csv --head token --epochs 2 --hidden 4";
    const trained = await unroll([...run.split(" "), "--report", "r.html"], { cwd });
    assertStringIncludes(trained.out, "\nTest (60 words in 12 sentences): accuracy ");
    assertStringIncludes(await Deno.readTextFile(`${cwd}/r.html`), "60 words in 12 sentences");
    const { out } = await unroll("evaluate --data tags.csv".split(" "), { cwd });
    assertMatch(
      out,
      /^A linear model on words beats the network: .*\n60 words in 12 sentences: loss .*\nEntities \(IO\): F1 .*\nexpected calibration error .*\n\nlabel +precision +recall +F1 +words\n/,
    );
    assertMatch(out, /^PERSON .* 12$/m);
    const json = await unroll("evaluate --json --data tags.csv".split(" "), { cwd });
    const { sentences, words } = JSON.parse(json.out);
    assertEquals([sentences, words], [12, 60]);
  }));

Deno.test("evaluate shortens tables of many labels, and reports what it leaves out", () =>
  inFolder(async (cwd) => {
    const rows = Array.from({ length: 120 }, (_, i) => `w${i} so,label${i}`);
    await Deno.writeTextFile(`${cwd}/own.csv`, `text,label\n${rows.join("\n")}\n`);
    const run = "train --data own.csv --epochs 1 --hidden 4 --validation 0";
    assertEquals((await unroll(run.split(" "), { cwd })).status, 0);
    const { out } = await unroll("evaluate --data own.csv".split(" "), { cwd });
    assertStringIncludes(out, "\nThe 100 most frequent of 120 labels; --json has all.\n");
    assertMatch(
      out,
      /\nMost frequent confusions: label\d+ predicted as label\d+ \(1\), [^\n]*\.\n$/,
    );
  }));
