import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { filesIn, inFolder, start, unroll } from "./helpers.ts";

const CSV = `text,label
good,positive
bad,negative
"good, and not bad",positive
not good,negative
`;

Deno.test("train without flags trains on the built-in sentences and saves the model", () =>
  inFolder(async (cwd) => {
    const { status, out, err } = await unroll(["train"], { cwd });
    assertEquals([status, err], [0, ""]);
    const rows = out.split("\n").filter((line) => /^ *\d+ /.test(line));
    assertEquals(rows.map((row) => parseInt(row)), [
      100,
      200,
      300,
      400,
      500,
      600,
      700,
      800,
      900,
      1000,
    ]);
    assertMatch(rows.at(-1)!, /^ *1000 +0\.\d{4} +100\.0% +0\.\d{4} +100\.0%$/);
    assertMatch(out, /^ {2}(positive|negative) {2}\d\d\.\d% {2}\w/m);
    assertStringIncludes(out, "Saved model.safetensors");
    assertEquals(await filesIn(cwd), ["model.safetensors"]);
  }));

Deno.test("train on a file gives the same model for the same seed", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV);
    const args = ["train", "--data", "own.csv", "--epochs", "5", "--hidden", "4"];
    for (const [out, seed] of [["a", "1"], ["b", "1"], ["c", "2"]]) {
      const { status, err } = await unroll([...args, "--out", out, "--seed", seed], { cwd });
      assertEquals([status, err], [0, ""]);
    }
    const [a, b, c] = await Promise.all(["a", "b", "c"].map((f) => Deno.readFile(`${cwd}/${f}`)));
    assertEquals(a, b);
    assertNotEquals(a, c);
  }));

Deno.test("train reads TSV and JSON Lines, with columns named by flags", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.tsv`, "id\tbody\tfolder\n1\tgood\tin\n2\tbad\tout\n");
    await Deno.writeTextFile(
      `${cwd}/own.jsonl`,
      '{"body":"good","folder":1}\n{"body":"bad","folder":2}\n',
    );
    for (const file of ["own.tsv", "own.jsonl"]) {
      const { status, err, out } = await unroll(
        [
          "train",
          "--data",
          file,
          "--text-column",
          "body",
          "--label-column=folder",
          "--epochs",
          "3",
        ],
        { cwd },
      );
      assertEquals([status, err], [0, ""]);
      assertStringIncludes(out, "2 sentences: 2 words, 2 labels");
    }
  }));

Deno.test("train --json prints one object per line for every epoch", () =>
  inFolder(async (cwd) => {
    const { out } = await unroll(["train", "--json", "--epochs", "3", "--out", "m"], { cwd });
    const lines = out.trim().split("\n").map((line) => JSON.parse(line));
    assertEquals(lines.map(({ type }) => type), [
      "start",
      ...["epoch", "epoch", "epoch"],
      ...["prediction", "prediction", "prediction", "prediction", "prediction"],
      "saved",
    ]);
    assertEquals(Object.keys(lines[1]), [
      "type",
      "epoch",
      "train",
      "learningRate",
      "kept",
      "test",
    ]);
    assertEquals(lines.at(-1).model, "m");
  }));

Deno.test("train --from continues training a model", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV);
    const args = "train --data own.csv --optimizer sgd --no-shuffle --out".split(" ");
    await unroll([...args, "whole", "--cell", "lstm", "--epochs", "4"], { cwd });
    await unroll([...args, "half", "--cell", "lstm", "--epochs", "2"], { cwd });
    const { status } = await unroll([...args, "rest", "--epochs", "2", "--from", "half"], { cwd });
    assertEquals(status, 0);
    const [whole, rest] = await Promise.all(
      ["whole", "rest"].map((f) => Deno.readFile(`${cwd}/${f}`)),
    );
    assertEquals(whole, rest);
    const { err } = await unroll([...args, "x", "--from", "half", "--hidden", "9"], { cwd });
    assertStringIncludes(err, "--hidden: is fixed by the model of --from");
  }));

Deno.test("train stopped by Ctrl-C still saves the model, with status 130", () =>
  inFolder(async (cwd) => {
    const child = start(["train", "--epochs", "1000000", "--json"], { cwd });
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let out = "";
    while (!out.includes('"epoch":3')) out += (await reader.read()).value;
    child.kill("SIGINT");
    for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read()) {
      out += value;
    }
    await child.stderr.cancel();
    assertEquals((await child.status).code, 130);
    assertStringIncludes(out, '{"type":"stopped",');
    assertStringIncludes(out, '{"type":"saved","model":"model.safetensors"}');
    const { status } = await unroll(["predict", "very good"], { cwd });
    assert(status === 0 || status === 2); // the model is complete; its labels do not matter here
    assertEquals(await filesIn(cwd), ["model.safetensors"]);
  }));

Deno.test("train prints what to try first if the loss hardly falls", () =>
  inFolder(async (cwd) => {
    const args = ["train", "--epochs", "6", "--learning-rate", "1e-6"];
    const { status, err } = await unroll(args, { cwd });
    assertEquals(status, 0);
    assertMatch(
      err,
      /^warning: the training loss hardly fell: 0\.69\d* in epoch 1, .* at a learning rate of 0\.000001; try 0\.00001,/m,
    );
    const { out } = await unroll([...args, "--json"], { cwd });
    assertMatch(
      out,
      /^\{"type":"warning","kind":"stalled","message":"the training loss hardly fell/m,
    );
  }));

Deno.test("train that diverges ends with status 1 and keeps the last good weights", () =>
  inFolder(async (cwd) => {
    const args = ["train", "--learning-rate", "1e38", "--clip", "1e38", "--init", "scaled"];
    const { status, err } = await unroll(args, { cwd });
    assertEquals(status, 1);
    assertMatch(
      err,
      /^error: epoch 1, step \d+: the loss became NaN; try a smaller learning rate, 1e\+37 instead of/,
    );
    assertMatch(err, /before the divergence: losses from 0\.\d+ to .*, weights up to \S+ \(\w+\)/);
    assertStringIncludes(err, "the last good weights are in model.safetensors");
    assertEquals(await filesIn(cwd), ["model.safetensors"]);
  }));
