import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { inFolder, unroll } from "./helpers.ts";

/** Returns a unique name, and its label, which its ending determines. */
function nameOf(i: number): [text: string, label: string] {
  const stem = [7, 11, 13].map((each) => "bdfgklmnprst"[i * each % 12] + "aeiou"[(i >> 2) % 5]);
  const [end, label] = i % 2 ? ["sson", "north"] : ["ini", "south"];
  return [`${stem.join("")}${i.toString(36)}${end}`, label];
}

const NAMES = Array.from({ length: 140 }, (_, i) => nameOf(i).join(","));
const CSV = `text,label\n${NAMES.join("\n")}\n`;
const TRAIN = "train --data own.csv --epochs 2 --hidden 4";
const SAID =
  "Reads characters: 100.0% of a text's words would be unknown, because the other texts " +
  "do not contain them (--unit words overrides this).";

Deno.test("train chooses characters if most words would be unknown, and prints and saves that", () =>
  inFolder(async (cwd) => {
    const run = (args: string) => unroll(args.split(" "), { cwd });
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV);
    await Deno.writeTextFile(`${cwd}/test.csv`, "text,label\nTisson,north\n§§ §,south\n");
    const { status, out, err } = await run(`${TRAIN} --test test.csv --report page.html`);
    assertEquals([status, err.split("\n").filter((line) => line.includes("unknown")).length], [
      0,
      1,
    ]);
    assertStringIncludes(
      err,
      'test.csv: 50.0% of the text is unknown to the model, such as "T", "§", " "',
    );
    assertEquals(out.split("\n")[0], SAID);
    assertStringIncludes(out.split("\n")[1], " characters, 2 labels.");
    assertStringIncludes(await Deno.readTextFile(`${cwd}/page.html`), " characters<");
    const { tokenizer } = JSON.parse((await run("inspect --json")).out);
    assertEquals(tokenizer, {
      ...{ lowerCase: false, punctuation: "keep", split: "characters", fold: "typography" },
    });
    const predicted = await run("predict bosson");
    assertEquals([predicted.status, predicted.err], [0, ""]);
    const unknown = await unroll(["predict", "§ §"], { cwd });
    assertEquals(unknown.status, 2);
    assertStringIncludes(unknown.err, '"§ §" has no character that the model knows');
    const evaluated = await run("evaluate --data test.csv");
    assertStringIncludes(
      evaluated.out,
      "1 of the sentences have no character that the model knows",
    );
    assertEquals((await run("inspect --gradients --data own.csv")).status, 0);
  }));

Deno.test("train --json has an event if characters were chosen, and otherwise none", () =>
  inFolder(async (cwd) => {
    const events = async (args: string, input?: string) => {
      const { status, out, err } = await unroll(`${args} --json`.split(" "), { cwd, input });
      assertEquals(status, 0, err);
      return out.trim().split("\n").map((line) => JSON.parse(line));
    };
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV);
    const isUnit = ({ type }: { type: string }) => type === "unit";
    const found = (await events(TRAIN)).find(isUnit);
    assertEquals(found, { type: "unit", unit: "characters", unknown: 1 });
    const piped = await events(TRAIN.replace("own.csv", "-"), CSV);
    assertEquals(piped.find(isUnit), found);
    for (const unit of ["words", "characters", "graphemes"]) {
      assertEquals((await events(`${TRAIN} --unit ${unit}`)).some(isUnit), false, unit);
    }
    const numbers = CSV.replaceAll("north", "1").replaceAll("south", "2");
    await Deno.writeTextFile(`${cwd}/own.csv`, numbers);
    assert((await events(`${TRAIN} --task regression`)).some(isUnit));
    assert((await events(`${TRAIN} --multi-label ;`)).some(isUnit));
  }));

Deno.test("a run with characters resumes, also if they were chosen automatically", () =>
  inFolder(async (cwd) => {
    const run = (args: string) => unroll(args.split(" "), { cwd });
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV);
    const bytes = async (args: string) => {
      const { status, err } = await run(args);
      assertEquals(status, 0, err);
      return await Deno.readFile(`${cwd}/model.safetensors`);
    };
    // A decaying learning rate depends on the epochs, and a refit on the validation split.
    const train = `${TRAIN} --schedule constant --validation 0`;
    const whole = await bytes(train.replace("--epochs 2", "--epochs 3"));
    await bytes(`${train} --checkpoint half`);
    assertEquals(await bytes("train --resume half --epochs 3 --out model.safetensors"), whole);
  }));

Deno.test("--unit is refused for wrong units and with --from", () =>
  inFolder(async (cwd) => {
    const refusal = async (args: string) => {
      const { status, err } = await unroll(args.split(" "), { cwd });
      assertEquals(status, 2);
      return err;
    };
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV);
    assertStringIncludes(
      await refusal("train --data own.csv --unit letters"),
      "--unit: expected characters, graphemes or words",
    );
    assertEquals((await unroll(`${TRAIN} --unit graphemes`.split(" "), { cwd })).status, 0);
    assertStringIncludes(
      await refusal("train --data own.csv --from model.safetensors --unit words"),
      "--unit: is fixed by the model of --from",
    );
  }));
