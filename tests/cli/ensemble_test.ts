import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { inFolder, start, unroll } from "./helpers.ts";

const words = ["good", "bad", "not", "very", "so", "fine", "poor"];
const rows = Array.from({ length: 120 }, (_, i) => {
  const text = words.filter((_, k) => ((i * 7) >> k) % 2 === 1).join(" ");
  return `${text} w${i},${i % 3 === 0 ? "up" : "down"}`;
});
const CSV = ["text,label", ...rows].join("\n");
const RUN = "train --data own.csv --hidden 4 --embedding 4 --epochs 6 --patience 2 --seed 4"
  .split(" ");
const ENSEMBLE = [...RUN, "--ensemble", "3"];

function withData(fn: (cwd: string) => Promise<void>): Promise<void> {
  return inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV);
    await fn(cwd);
  });
}

Deno.test("train --ensemble trains networks with several seeds into one model, on any number of threads", () =>
  withData(async (cwd) => {
    const { status, out, err } = await unroll(
      [...ENSEMBLE, "--out", "m", "--report", "r.html", "--threads", "1"],
      { cwd },
    );
    assertEquals([status, err], [0, ""]);
    assertMatch(
      out,
      /^Ensemble of 3 networks, with the seeds 4 to 6: it predicts the mean of their outputs\.$/m,
    );
    assertMatch(
      out,
      /Refit:[^]*\nNetwork 2 of 3, seed 5\.\n[^]*Refit:[^]*\nNetwork 3 of 3, seed 6\.\n[^]*Validation \(18 sentences\)[^]*Refit:/,
    );
    assertEquals(out.match(/Validation \(/g)?.length, 1);
    const page = await Deno.readTextFile(`${cwd}/r.html`);
    assertStringIncludes(page, "3 networks, seeds 4 to 6; the curves are of network 1");
    await unroll([...ENSEMBLE, "--out", "n", "--threads", "2"], { cwd });
    assertEquals(await Deno.readFile(`${cwd}/n`), await Deno.readFile(`${cwd}/m`));

    const inspected = await unroll(["inspect", "--model", "m"], { cwd });
    assertMatch(inspected.out, /^networks +3$/m);
    assertMatch(inspected.out, /^network 2, head +\d+$/m);
    assertMatch(inspected.out, /^2\.Whh /m);
    const { weights, networks } = JSON.parse(
      (await unroll(["inspect", "--model", "m", "--json"], { cwd })).out,
    );
    assertEquals([networks, weights.length % 3], [3, 0]);
    const gradients = ["inspect", "--model", "m", "--gradients", "--data", "own.csv"];
    assertEquals((await unroll(gradients, { cwd })).status, 0);
    const evaluated = await unroll(["evaluate", "--model", "m", "--data", "own.csv"], { cwd });
    assertMatch(evaluated.out, /^120 sentences: loss /m);
    const asked = await unroll(["predict", "--model", "m", "--why", "not so good"], { cwd });
    assertEquals(asked.status, 0);
    assertMatch(asked.out, /log-odds/);
  }));

Deno.test("train --ensemble --json has an event for each network; --ensemble 1 is one network", () =>
  withData(async (cwd) => {
    const { out } = await unroll([...ENSEMBLE, "--no-refit", "--json", "--out", "m"], { cwd });
    const events = out.trim().split("\n").map((line) => JSON.parse(line));
    assertEquals(
      events.filter(({ type }) => type === "network"),
      [4, 5, 6].map((seed, k) => ({ type: "network", network: k + 1, of: 3, seed })),
    );
    assertEquals(events.find(({ type }) => type === "ensemble"), {
      type: "ensemble",
      networks: 3,
      seeds: [4, 6],
    });
    await unroll([...RUN, "--ensemble", "1", "--out", "one"], { cwd });
    await unroll([...RUN, "--out", "plain"], { cwd });
    assertEquals(await Deno.readFile(`${cwd}/one`), await Deno.readFile(`${cwd}/plain`));
  }));

Deno.test("train --ensemble works for multi-label, regression and tags, and with --folds", () =>
  withData(async (cwd) => {
    const numbers = ["text,label", ...rows.map((row, i) => row.replace(/,.*/, `,${i % 5}`))];
    await Deno.writeTextFile(`${cwd}/numbers.csv`, numbers.join("\n"));
    const tags = rows.map((row) => {
      const text = row.replace(/,.*/, "").trim();
      return `${text},${text.split(/\s+/).map((word) => word === "good" ? "B-X" : "O").join(" ")}`;
    });
    await Deno.writeTextFile(`${cwd}/tags.csv`, ["text,label", ...tags].join("\n"));
    const several = rows.map((row, i) => i % 2 === 0 ? `${row};it` : row);
    await Deno.writeTextFile(`${cwd}/several.csv`, ["text,label", ...several].join("\n"));
    const own = "--hidden 4 --embedding 4 --epochs 3 --ensemble 2 --out m".split(" ");
    const runs = [
      "train --data several.csv --multi-label ;",
      "train --data numbers.csv --task regression",
      "train --data tags.csv --head token --crf",
      "train --data own.csv --folds 2 --no-refit",
    ];
    for (const run of runs) {
      const { status, out, err } = await unroll([...run.split(" "), ...own], { cwd });
      assertEquals([status, err], [0, ""], run);
      assertStringIncludes(out, "Network 2 of 2, seed 2.", run);
      const asked = await unroll(["predict", "--model", "m", "not good"], { cwd });
      assertEquals([asked.status, asked.err], [0, ""], run);
    }
  }));

Deno.test("train --ensemble is refused for tasks without ensembles", () =>
  withData(async (cwd) => {
    const short = "train --data own.csv --hidden 2 --epochs 1 --validation 0".split(" ");
    await unroll([...short, "--ensemble", "3", "--out", "m"], { cwd });
    await unroll([...short, "--out", "one"], { cwd });
    const refused: [string, RegExp][] = [
      [
        "train --task language-model --data own.csv --ensemble 3",
        /^error: --ensemble: is for --task classification or regression, got language-model$/m,
      ],
      [
        "train --task translate --data own.csv --ensemble 3",
        /^error: --ensemble: is for .*, got translate$/m,
      ],
      [
        "train --task forecast --data own.csv --ensemble 3",
        /^error: --ensemble: is for .*, got forecast$/m,
      ],
      [
        "train --from m --data own.csv",
        /^error: --from: m is an ensemble of 3 networks, which cannot be trained further; train a new one with --ensemble 3$/m,
      ],
      [
        "train --from one --ensemble 2 --data own.csv",
        /^error: --ensemble: trains new networks from scratch; leave out --from$/m,
      ],
      [
        "train --data own.csv --ensemble 0",
        /^error: --ensemble: expected a whole number of at least 1, got "0"$/m,
      ],
    ];
    for (const [args, message] of refused) {
      const { status, out, err } = await unroll([...args.split(" "), "--out", "x"], { cwd });
      assertEquals([status, out], [2, ""], args);
      assertMatch(err, message);
    }
  }));

for (const [at, what] of [["Network 3", "third network"], ["Validation (", "refit of network 3"]]) {
  Deno.test(`train --resume resumes within the ${what} of an ensemble, bit for bit`, () =>
    withData(async (cwd) => {
      const whole = await unroll([...ENSEMBLE, "--out", "whole"], { cwd });
      assertEquals(whole.status, 0);
      const args = [...ENSEMBLE, "--out", "part", "--checkpoint", "run", "--every", "1"];
      const child = start(args, { cwd });
      let out = "", isKilled = false;
      for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
        out += text;
        if (!out.includes(at) || isKilled) continue;
        isKilled = true;
        try {
          child.kill("SIGINT");
        } catch { /* It has just ended. */ }
      }
      await child.stderr.cancel();
      const { code } = await child.status;
      assert(code === 0 || code === 130);
      if (code === 130) {
        assertMatch(out, /Interrupted in epoch .* Kept the 2 finished networks\./);
      }
      const rest = await unroll(["train", "--resume", "run", "--out", "rest"], { cwd });
      assertEquals([rest.status, rest.err], [0, ""]);
      assertEquals(await Deno.readFile(`${cwd}/rest`), await Deno.readFile(`${cwd}/whole`));
      const { status, err } = await unroll(["train", "--resume", "run", "--ensemble", "4"], {
        cwd,
      });
      assertEquals(status, 2);
      assertStringIncludes(err, "--ensemble: is fixed by the checkpoint of --resume");
    }));
}
