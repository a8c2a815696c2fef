/**
 * The linear baseline of a classifier, its calibration and cross-validation on the command line.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { inFolder, unroll } from "./helpers.ts";

const WORDS = { up: ["good", "great", "nice", "fine"], down: ["bad", "awful", "poor", "sad"] };
const THINGS = ["phone", "sound", "price", "car", "case", "film", "book", "song", "play", "meal"];
const CSV = "text,label\n" +
  Object.entries(WORDS).flatMap(([label, words]) =>
    words.flatMap((word) =>
      THINGS.map((thing, i) =>
        `the ${thing} is ${word} ${THINGS[(i + 3) % 10]},${
          i === 3 ? (label === "up" ? "down" : "up") : label
        }`
      )
    )
  ).join("\n") + "\n";
const RUN = "train --data data.csv --validation 0.5 --epochs 2 --hidden 4 --threads 1".split(" ");

function withData(fn: (cwd: string) => Promise<void>) {
  return () =>
    inFolder(async (cwd) => {
      await Deno.writeTextFile(`${cwd}/data.csv`, CSV);
      await fn(cwd);
    });
}

Deno.test(
  "train prints which model is better, the mixture weights and the calibration",
  withData(async (cwd) => {
    const { status, out, err } = await unroll([...RUN, "--report", "r.html"], { cwd });
    assertEquals([status, err], [0, ""]);
    assert(!out.includes("\n\n\n"), "one blank line between parts");
    assertMatch(
      out,
      /\nMixture weights, fitted on 40 validation examples: network \d+\.\d%, linear model on n-grams /,
    );
    assertMatch(out, /\nTemperature \d\.\d\d: expected calibration error \d+\.\d% before, /);
    assertMatch(
      out,
      /\nA linear model on n-grams beats the network: accuracy .* for their mix\.\n/,
    );
    assertMatch(
      out,
      /\nValidation \(40 sentences\): accuracy \d+\.\d% \(95% CI \d+\.\d–\d+\.\d%\); /,
    );
    const page = await Deno.readTextFile(`${cwd}/r.html`);
    assertStringIncludes(page, "Linear model on n-grams");
    assertStringIncludes(page, "Expected calibration error");

    const evaluated = await unroll(["evaluate", "--data", "data.csv"], { cwd });
    assertMatch(evaluated.out, /^A linear model on n-grams beats the network: accuracy /);
    const { alone, accuracy, interval, comparison } = JSON.parse(
      (await unroll(["evaluate", "--data", "data.csv", "--json"], { cwd })).out,
    );
    assert(alone.linear > alone.network && interval.low < accuracy && accuracy < interval.high);
    assertMatch(comparison, /^A linear model/);

    // It has no known word, but known letters.
    const { out: answer, status: answered } = await unroll(["predict", "greatness"], { cwd });
    assertEquals(answered, 0);
    assertMatch(answer, /^up +\d+\.\d% {2}greatness {2}\(unknown: greatness\)/);
  }),
);

Deno.test(
  "--baseline beside only evaluates the linear model, and --baseline no skips it",
  withData(async (cwd) => {
    const beside = await unroll([...RUN, "--baseline", "beside"], { cwd });
    assertStringIncludes(beside.out, "\nOn 40 validation examples, the network alone is best.\n");
    assertMatch(beside.out, /for the linear model, \d+\.\d% for the network\.\n/);
    const without = await unroll([...RUN, "--baseline", "no"], { cwd });
    assertEquals([without.status, without.out.includes("linear model")], [0, false]);
    const wrong = await unroll([...RUN, "--baseline", "yes"], { cwd });
    assertEquals(wrong.status, 2);
    assertStringIncludes(wrong.err, "--baseline");
    const numbers = "train --data data.csv --task regression --baseline no".split(" ");
    assertEquals((await unroll(numbers, { cwd })).status, 2);
  }),
);

Deno.test(
  "a model that is trained further gets a new calibration",
  withData(async (cwd) => {
    await unroll(RUN, { cwd });
    const go = "train --from model.safetensors --data data.csv --epochs 1 --validation 0.5 --json";
    const { status, out } = await unroll(go.split(" "), { cwd });
    assertEquals(status, 0);
    assertStringIncludes(out, '{"type":"calibration","network":');
  }),
);

Deno.test(
  "--folds N trains N times, each without one fold, and prints mean and deviation",
  withData(async (cwd) => {
    const { status, out } = await unroll([...RUN, "--folds", "4", "--report", "r.html"], { cwd });
    assertEquals(status, 0);
    assertMatch(out, /\n {2}fold 4: accuracy \d+\.\d% on 20 sentences\n/);
    assertMatch(out, /\n {2}linear model on n-grams +\d+\.\d% ± \d+\.\d%\n/);
    assertStringIncludes(await Deno.readTextFile(`${cwd}/r.html`), "Cross-validation");
    const json = await unroll([...RUN, "--folds", "4", "--json"], { cwd });
    const records = json.out.trim().split("\n").map((line) => JSON.parse(line));
    const { methods } = records.find(({ type }) => type === "cross-validation");
    assertEquals(methods.map(({ name }: { name: string }) => name), [
      ...["model", "network", "linear", "majority"],
    ]);
    const many = await unroll([...RUN, "--folds", "81"], { cwd });
    assertEquals(many.status, 2);
    assertStringIncludes(many.err, "81 folds need 81 examples, got 80");
    const from = "train --from model.safetensors --data data.csv --folds 2".split(" ");
    assertEquals((await unroll(from, { cwd })).status, 2);
  }),
);

Deno.test("a tagger's linear baseline is mixed in, compared or skipped; entities are compared by F1", () =>
  inFolder(async (cwd) => {
    const names = ["Ann", "Bob", "Eve", "Tom", "Kim"];
    const rows = names.flatMap((name, i) =>
      THINGS.map((thing, j) =>
        `${name} ${names[(i + j) % 5]} likes the ${thing},${
          (i + j) % 7 ? "B-P I-P O O O" : "O O O O B-P"
        }`
      )
    );
    await Deno.writeTextFile(`${cwd}/data.csv`, `text,label\n${rows.join("\n")}\n`);
    const run = "train --data data.csv --head token --validation 0.4 --epochs 1 --threads 1".split(
      " ",
    );
    const { status, out, err } = await unroll([...run, "--report", "r.html"], { cwd });
    assertEquals([status, err], [0, ""]);
    assertMatch(
      out,
      /\nMixture weights, fitted on 100 validation words: network \d+\.\d%, linear model on words /,
    );
    const line = /^A linear model on words beats the network: entity F1 .* for their mix\.$/m;
    assertMatch(out, line);
    const page = await Deno.readTextFile(`${cwd}/r.html`);
    assertStringIncludes(page, "Linear model on words");
    assertMatch((await unroll(["evaluate", "--data", "data.csv"], { cwd })).out, line);
    const json = JSON.parse(
      (await unroll(["evaluate", "--data", "data.csv", "--json"], { cwd })).out,
    );
    assert(json.alone.linear > json.alone.network);
    assert(json.entities.alone.linear > json.entities.alone.network);
    const beside = await unroll([...run, "--baseline", "beside", "--no-crf"], { cwd });
    assertStringIncludes(beside.out, "\nOn 100 validation words, the network alone is best.\n");
    const without = await unroll([...run, "--baseline", "no"], { cwd });
    assertEquals([without.status, without.out.includes("linear model")], [0, false]);
    const resumed = "train --from model.safetensors --data data.csv --epochs 1 --validation 0.4";
    assertMatch((await unroll(resumed.split(" "), { cwd })).out, /linear model on words/);
  }));

Deno.test("a multi-label model's linear baseline is mixed in before thresholds are chosen", () =>
  inFolder(async (cwd) => {
    const rows = THINGS.flatMap((thing, i) =>
      ["cheap", "loud", "cheap and loud", "odd"].map((word, j) =>
        `the ${thing} is ${word} ${THINGS[(i + j) % 10]},${
          ["price", "sound", "price;sound", ""][j]
        }`
      )
    );
    await Deno.writeTextFile(`${cwd}/data.csv`, `text,label\n${rows.join("\n")}\n`);
    const run = [
      ...["train", "--data", "data.csv", "--multi-label", ";", "--validation", "0.75"],
      ...["--epochs", "1", "--hidden", "4", "--threads", "1"],
    ];
    const { status, out, err } = await unroll([...run, "--report", "r.html"], { cwd });
    assertEquals([status, err], [0, ""]);
    assertMatch(
      out,
      /\nMixture weights, fitted on 30 validation examples: network \d+\.\d%, linear model on n-grams /,
    );
    const line = /^A linear model on n-grams beats the network: micro F1 .* for their mix\.$/m;
    assertMatch(out, line);
    assertStringIncludes(await Deno.readTextFile(`${cwd}/r.html`), "Linear model on n-grams");
    assertMatch((await unroll(["evaluate", "--data", "data.csv"], { cwd })).out, line);
    const without = await unroll([...run, "--baseline", "no"], { cwd });
    assertEquals([without.status, without.out.includes("linear model")], [0, false]);
  }));
