import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { filesIn, inFolder, unroll } from "./helpers.ts";

const TAGS = new URL("../../examples/tagging/", import.meta.url).pathname;

/** Sentences whose label two words decide together, half of each label. */
const CSV = "text,label\n" +
  Array.from({ length: 160 }, (_, i) => {
    const [a, b] = [i % 2 === 0, Math.floor(i / 2) % 2 === 0];
    const label = a === b ? "up" : "down";
    return `w${i % 7} it is ${a ? "not" : "very"} ${b ? "bad" : "good"} w${i % 5},${label}`;
  }).join("\n");
const REPEATED =
  "warning: own.csv: 8 of 24 validation examples have texts of the training split, so " +
  "the validation scores are too optimistic; remove rows with repeated texts\n";

Deno.test("train with only --data chooses a network, stops early, and evaluates the model", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV);
    const args = ["train", "--data", "own.csv", "--report", "r.html", "--learning-rate", "0.01"];
    const { status, out, err } = await unroll(args, { cwd });
    assertEquals([status, err], [0, REPEATED]);
    assertMatch(
      out,
      /^Training a bidirectional gru of 32 units on 136 sentences, 24 for validation:/,
    );
    assertMatch(
      out,
      /^Validation \(24 sentences\): accuracy 100.0% \(95% CI 86.2–100.0%\); majority-class baseline 50.0% \(/m,
    );
    const page = await Deno.readTextFile(`${cwd}/r.html`);
    assert(page.startsWith("<!") && page.includes("own.csv"));
    assertEquals(await filesIn(cwd), ["model.safetensors", "own.csv", "r.html"]);
    const shown = await unroll(["inspect"], { cwd });
    assertMatch(shown.out, /^cell +gru$/m);
    assertMatch(shown.out, /^Wxh_reverse +32 x 96/m);
    const summary = JSON.parse((await unroll(["inspect", "--json"], { cwd })).out);
    const sum = summary.weights.reduce(
      (total: number, { shape }: { shape: number[] }) => total + shape[0] * shape[1],
      0,
    );
    assertEquals(summary.parameters, sum);
    const gradients = await unroll("inspect --gradients --data own.csv --json".split(" "), { cwd });
    const columns = JSON.parse(gradients.out).gradients;
    assertEquals(Object.keys(columns), ["model.safetensors", "untrained rnn", "untrained lstm"]);
    for (const norms of Object.values(columns) as number[][]) {
      assert(norms.length === 6 && norms.every((norm) => norm > 0));
    }
  }));

Deno.test("train --head token reaches a test accuracy of 95%", () =>
  inFolder(async (cwd) => {
    const args = ["train", "--data", `${TAGS}train.csv`, "--head", "token", "--json"];
    const settings = ["--learning-rate", "0.01", "--epochs", "30"];
    const { status, out, err } = await unroll([...args, ...settings], { cwd });
    assertEquals([status, err], [0, ""]);
    const lines = out.trim().split("\n").map((line) => JSON.parse(line));
    assertEquals(lines.find(({ type }) => type === "review").on, "validation");
    const measured = await unroll(["evaluate", "--data", `${TAGS}test.csv`, "--json"], { cwd });
    const { accuracy, majority } = JSON.parse(measured.out);
    assert(accuracy >= 0.95 && majority.accuracy < 0.65, `${accuracy} ${majority.accuracy}`);
    const plain = await unroll(["predict", "meet ann at noon", ""], { cwd });
    assertEquals(plain.out, "meet/O ann/PERSON at/O noon/TIME\n");
    assertStringIncludes(plain.err, 'error: "" has no words');
    assertEquals(plain.status, 2);
    const json = await unroll(["predict", "--json", "call zounds"], { cwd });
    const { words } = JSON.parse(json.out);
    assertEquals(words.map(({ word, known }: { word: string; known: boolean }) => [word, known]), [
      ["call", true],
      ["zounds", false],
    ]);
  }));

Deno.test("train accepts every cell, optimizer, schedule and head, and predict reads the model", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV);
    await Deno.writeTextFile(`${cwd}/v.txt`, "2 3\ngood 1 0 0\nbad 0 1 0\n");
    const flags = [
      "--cell rnn --activation relu --optimizer rmsprop --schedule step --head max --layers 2",
      "--cell lstm --optimizer sgd --momentum 0.9 --schedule cosine --head last --embedding 0",
      "--cell gru --optimizer adamw --weight-decay 0.01 --schedule plateau --vectors v.txt --frozen",
      "--bidirectional no --clip 0.1 --label-weights up=2 --warm-up 5 --min-count 2 --dtype float64",
    ];
    for (const [i, flag] of flags.entries()) {
      const args = `train --data own.csv --epochs 2 --hidden 4 --out m${i} ${flag}`.split(" ");
      const trained = await unroll(args, { cwd });
      assertEquals([trained.status, trained.err], [0, REPEATED], flag);
      const asked = await unroll(["predict", "--model", `m${i}`, "it is not bad"], { cwd });
      assertEquals([asked.status, asked.err], [0, ""], flag);
    }
    const { out } = await unroll(["inspect", "--model", "m2", "--json"], { cwd });
    const { config } = JSON.parse(out);
    assertEquals([config.embedding, config.frozen], [3, true]);
  }));
