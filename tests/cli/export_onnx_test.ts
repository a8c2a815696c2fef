import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createModel, createTranslationModel, writeModel } from "@unroll/core";
import { readOnnx } from "#tests/support/onnx_reader.ts";
import { filesIn, inFolder, unroll } from "./helpers.ts";

const EXAMPLES = [{ text: "good day", label: "up" }, { text: "bad", label: "down" }];
const CLASSIFIER = writeModel(createModel(EXAMPLES, { cell: "gru", hidden: 4 }));
const ONNX = ["export", "--to", "onnx"];

Deno.test("export --to onnx writes a file, and prints its inputs and outputs", () =>
  inFolder(async (cwd) => {
    await Deno.writeFile(`${cwd}/model.safetensors`, CLASSIFIER);
    const { status, out, err } = await unroll(ONNX, { cwd });
    assertEquals([status, err], [0, ""]);
    assertEquals(out.split("\n"), [
      "Wrote model.onnx, 2 KiB. It predicts the probability of each label for each text.",
      "  in:  words int64[batch, steps], lengths int32[batch]",
      "  out: logits float[batch, 2], probabilities float[batch, 2]",
      "Run it with ONNX Runtime: docs/onnx.md shows how in Python and JavaScript.",
      "",
    ]);
    const { metadata, ops } = readOnnx(await Deno.readFile(`${cwd}/model.onnx`));
    assertEquals(JSON.parse(metadata.labels), ["down", "up"]);
    assert(ops.includes("GRU"));
  }));

Deno.test("export --to onnx writes a translation model as two files", () =>
  inFolder(async (cwd) => {
    const model = createTranslationModel(EXAMPLES, { hidden: 4 });
    await Deno.writeFile(`${cwd}/t.safetensors`, writeModel(model));
    const args = [...ONNX, "--model", "t.safetensors", "--out", "both.onnx"];
    const { status, out, err } = await unroll(args, { cwd });
    assertEquals([status, err], [0, ""]);
    assertStringIncludes(out, "Wrote both.encoder.onnx");
    assertStringIncludes(out, "Wrote both.decoder.onnx");
    assertEquals(await filesIn(cwd), ["both.decoder.onnx", "both.encoder.onnx", "t.safetensors"]);
  }));

Deno.test("export --to onnx refuses invalid paths in one line, and leaves no partial file", () =>
  inFolder(async (cwd) => {
    await Deno.writeFile(`${cwd}/model.safetensors`, CLASSIFIER);
    await Deno.mkdir(`${cwd}/folder`);
    const refused = async (args: string[], message: string) => {
      const { status, out, err } = await unroll(args, { cwd });
      assertEquals([status, out, err], [2, "", `error: ${message}\n`]);
    };
    await refused([...ONNX, "--out", "folder"], "folder: is a folder; name a file in it");
    await refused(
      [...ONNX, "--out", "none/m.onnx"],
      "none/m.onnx: its folder does not exist; create it first",
    );
    await refused([...ONNX, "--model", "other"], "other: no such file; check its name and folder");
    await Deno.writeTextFile(`${cwd}/other`, "no model");
    const { status, err } = await unroll([...ONNX, "--model", "other"], { cwd });
    assertEquals(status, 2);
    assert(err.startsWith("error: other: "));
    assertEquals(await filesIn(cwd), ["folder", "model.safetensors", "other"]);
  }));
