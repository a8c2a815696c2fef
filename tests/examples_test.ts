import { assert, assertEquals, assertMatch } from "@std/assert";
import { conformanceCases } from "@unroll/core/conformance";

const root = new URL("../", import.meta.url).pathname;

/** The lines that an example prints; it needs no permission for anything. */
async function linesOf(example: string): Promise<string[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--lock=gpujs.lock", "--no-prompt", "--check", `examples/${example}.ts`],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert(success, text(stderr));
  return text(stdout).trimEnd().split("\n");
}

Deno.test("examples/classify.ts learns its sentences, and answers others", async () => {
  const [trained, ...answers] = await linesOf("classify");
  assertMatch(trained, /^after 50 epochs: loss 0\.0\d, accuracy 1$/);
  assertEquals(answers.map((line) => line.replace(/ \(\d+ %\)$/, "")), [
    "Very bad! -> negative",
    "This is good -> positive",
  ]);
});

Deno.test("examples/stream.ts predicts after each word, and starts afresh", async () => {
  const steps = (await linesOf("stream")).map((line) => line.split(/\s+/));
  assertEquals(steps.map(([word]) => word).join(" "), "turn the music down make it bright");
  assertEquals([steps[3][1], steps[6][1]], ["music", "light"]);
  for (const [, , percent] of steps) assert(Number(percent) >= 50 && Number(percent) <= 100);
});

Deno.test("examples/own_loop.ts brings its loss down", async () => {
  const losses = (await linesOf("own_loop")).map((line) => Number(/loss (\S+)$/.exec(line)![1]));
  assertEquals(losses.length, 5);
  assert(losses[0] < 0.8 && losses[4] < 0.01, losses.join(" "));
});

Deno.test("examples/own_backend.ts passes the suite, and counts the ops of a training", async () => {
  const [suite, trained, ...counts] = await linesOf("own_backend");
  const unused = () => Promise.reject();
  const cases = conformanceCases(unused, unused).length;
  assertEquals(suite, `conformance: ${cases} cases were run`); // and no line of a failure
  assertEquals(trained, "gru: accuracy 1; the ops called most often:");
  assertEquals(counts.length, 5);
  for (const line of counts) assertMatch(line, /^[A-Za-z]+ +\d+$/);
});

Deno.test("examples/generate.ts writes its rhyme", async () => {
  const lines = await linesOf("generate");
  assertEquals(lines.slice(0, 3).map((line) => line.replace(/: \d\.\d\d /, " ")), [
    "epoch 20 bits a character",
    "epoch 40 bits a character",
    "epoch 60 bits a character",
  ]);
  assertMatch(
    lines.slice(3).join("\n"),
    /^three four, knock at the door,\nfive six, pick up sticks,\n/,
  );
});

Deno.test("examples/forecast.ts forecasts better than the season before, and says what comes", async () => {
  const [season, model, , naive, , , band, ...next] = await linesOf("forecast");
  assertEquals(season, "a season has 12 months; errors of the last 24 months:");
  const [own, other] = [model, naive].map((line) => Number(/MASE (\S+)$/.exec(line)![1]));
  assertMatch(naive, /^ {2}seasonal naive: /);
  assert(own < other, `${model}, ${naive}`);
  assertMatch(band, /^the band holds \d+% of them$/);
  assertEquals(next.length, 3);
  assertMatch(next[0], /^2024-01: \d+ \(\d+ to \d+\)$/);
});

Deno.test("examples/gestures.ts recognizes gestures that it has not seen", async () => {
  const [network, nearest] = await linesOf("gestures");
  const [own, other] = [network, nearest].map((line) => Number(/: (\d+)%/.exec(line)![1]));
  assert(own >= 85 && own > other, `${network}, ${nearest}`);
});

Deno.test("every example is run here", async () => {
  const here = await Deno.readTextFile(new URL(import.meta.url));
  for await (const { name } of Deno.readDir(`${root}examples`)) {
    if (!name.endsWith(".ts")) continue;
    assert(
      here.includes(`linesOf("${name.slice(0, -".ts".length)}")`),
      `examples/${name} is not run`,
    );
  }
});
