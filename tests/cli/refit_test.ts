import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { inFolder, start, unroll } from "./helpers.ts";

const words = ["good", "bad", "not", "very", "so", "fine", "poor"];
const rows = Array.from({ length: 120 }, (_, i) => {
  const text = words.filter((_, k) => ((i * 7) >> k) % 2 === 1).join(" ");
  return `${text} w${i},${i % 3 === 0 ? "up" : "down"}`;
});
const CSV = ["text,label", ...rows].join("\n");
const RUN = "train --data own.csv --hidden 4 --embedding 4 --epochs 8 --patience 2".split(" ");

function withData(fn: (cwd: string) => Promise<void>): Promise<void> {
  return inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV);
    await Deno.writeTextFile(`${cwd}/test.csv`, "text,label\nnot bad,up\nso poor,down");
    await fn(cwd);
  });
}

Deno.test("train refits on the validation examples after evaluating the model on them", () =>
  withData(async (cwd) => {
    const { status, out, err } = await unroll([...RUN, "--out", "m", "--report", "r.html"], {
      cwd,
    });
    assertEquals([status, err], [0, ""]);
    assertMatch(
      out,
      /Validation \(18 sentences\)[^]*\nRefit: from these weights on all 120 sentences, epochs 1 to \d+\.\n/,
    );
    const [, after] = out.split("Refit:");
    assert(!after.includes("sentences)"), after); // they are training data now
    const page = await Deno.readTextFile(`${cwd}/r.html`);
    assertStringIncludes(page, "18");
    const tested = await unroll([...RUN, "--out", "n", "--test", "test.csv"], { cwd });
    assertMatch(tested.out, /Refit:[^]*\n {5}1 [^]*\nTest \(2 sentences\)/);
    assert(!tested.out.includes("Validation ("), tested.out);
    assertEquals(await Deno.readFile(`${cwd}/n`), await Deno.readFile(`${cwd}/m`));
    const { out: json } = await unroll([...RUN, "--out", "o", "--json"], { cwd });
    const events = json.trim().split("\n").map((line) => JSON.parse(line));
    const refit = events.find(({ type }) => type === "refit");
    assertEquals(refit.examples, 120);
    assertEquals(events.filter((event) => event.refit).length, refit.epochs);
  }));

Deno.test("train --no-refit, few examples and --validation 0 skip the refit", () =>
  withData(async (cwd) => {
    const few = CSV.split("\n").slice(0, 60).join("\n");
    await Deno.writeTextFile(`${cwd}/few.csv`, few);
    const others = [
      [...RUN, "--no-refit"],
      "train --data own.csv --hidden 4 --epochs 3 --validation 0".split(" "),
      "train --data few.csv --hidden 4 --epochs 3 --validation 0.2".split(" "),
      "train --data own.csv --hidden 4 --epochs 2 --multi-label ;".split(" "),
    ];
    for (const args of others) {
      const { status, out } = await unroll(args, { cwd });
      assertEquals([status, out.includes("Refit")], [0, false], args.join(" "));
    }
    const args = "train --data own.csv --task regression --no-refit".split(" ");
    const { status, err } = await unroll(args, { cwd });
    assertEquals(status, 2);
    assertMatch(err, /^error: --no-refit: is for --task classification, got regression/);
  }));

Deno.test("train --resume resumes within a refit, bit for bit, and keeps --no-refit", () =>
  withData(async (cwd) => {
    const whole = await unroll([...RUN, "--out", "whole"], { cwd });
    assertEquals(whole.status, 0);
    const args = [...RUN, "--out", "part", "--checkpoint", "run", "--every", "1"];
    const child = start(args, { cwd });
    let out = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      out += text;
      if (!out.includes("Refit:") || out.includes("Interrupted")) continue;
      try {
        child.kill("SIGINT");
      } catch { /* It has just ended. */ }
    }
    await child.stderr.cancel();
    assertStringIncludes([0, 130].join(), String((await child.status).code));
    const rest = await unroll(["train", "--resume", "run", "--out", "rest"], { cwd });
    assertEquals([rest.status, rest.err], [0, ""]);
    assertEquals(await Deno.readFile(`${cwd}/rest`), await Deno.readFile(`${cwd}/whole`));
    const { status, err } = await unroll(["train", "--resume", "run", "--no-refit"], { cwd });
    assertEquals(status, 2);
    assertStringIncludes(err, "--no-refit: is fixed by the checkpoint of --resume");
    const more = await unroll(["train", "--resume", "run", "--epochs", "30"], { cwd });
    assertEquals(more.status, 2);
    assertMatch(
      more.err,
      /^error: .*is from a refit, which fixes the epochs at 8, got 30; .*\n$/,
    );
  }));
