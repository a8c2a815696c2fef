import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import golden from "#tests/golden/imports.json" with { type: "json" };
import { filesIn, inFolder, unroll } from "./helpers.ts";

const [classifier] = golden.cases;
type Tensors = Record<string, { shape: number[]; data: number[] }>;

/** Returns a file of weights like safetensors.torch.save_file(). */
function saved(tensors: Tensors): Uint8Array {
  let end = 0;
  const entries = Object.entries(tensors).map(([name, { shape, data }]) =>
    [name, { dtype: "F32", shape, data_offsets: [end, end += 4 * data.length] }] as const
  );
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const bytes = new Uint8Array(8 + text.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  let at = 8 + text.length;
  for (const { data } of Object.values(tensors)) {
    bytes.set(new Uint8Array(Float32Array.from(data).buffer), at);
    at += 4 * data.length;
  }
  return bytes;
}

/** Runs a test in a folder with the weights and vocabulary of a PyTorch classifier. */
const withWeights = (fn: (cwd: string) => Promise<void>) =>
  inFolder(async (cwd) => {
    const weights = saved(classifier.tensors as unknown as Tensors);
    await Deno.writeFile(`${cwd}/net.safetensors`, weights);
    await Deno.writeTextFile(`${cwd}/words.txt`, classifier.vocabulary.join("\n") + "\n");
    await fn(cwd);
  });

const ARGS = ["import", "--weights", "net.safetensors", "--vocabulary", "words.txt"];

Deno.test("import creates a model that predict, evaluate and inspect read", () =>
  withWeights(async (cwd) => {
    const { status, out, err } = await unroll([...ARGS, "--labels", "x,y,z"], { cwd });
    assertEquals([status, err], [0, ""]);
    assertMatch(out, /^rnn\.weight_ih_l1_reverse +encoder\.weight_ih_l1_reverse +12 x 6$/m);
    assertMatch(out, /^head\.weight +fc\.weight +3 x 6$/m);
    assertStringIncludes(
      out,
      "Found 2 layers of a bidirectional lstm of 3.\n" +
        "Note: the head is assumed to read the last state, as the shapes leave it open; for pooling " +
        "over time give --head mean or --head max.\n",
    );
    assertStringIncludes(out, "  deno task predict --model model.safetensors the\n");
    const [text] = classifier.texts, [expected] = classifier.outputs;
    const asked = await unroll(["predict", "--json", text], { cwd });
    const { logits } = JSON.parse(asked.out);
    for (const [i, value] of expected.entries()) assert(Math.abs(logits[i] - value) < 1e-5);
    await Deno.writeTextFile(`${cwd}/test.csv`, "text,label\nthe food was good,x\nbad,y\n");
    const measured = await unroll(["evaluate", "--data", "test.csv", "--json"], { cwd });
    assertEquals(measured.status, 0, measured.err);
    const shown = await unroll(["inspect"], { cwd });
    assertMatch(shown.out, /^cell +lstm$/m);
  }));

Deno.test("import reads labels from a file, and a vocabulary from JSON", () =>
  withWeights(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/labels.json`, '{"y": 1, "x": 0, "z": 2}');
    const ids = Object.fromEntries(classifier.vocabulary.map((word, id) => [word, id]));
    await Deno.writeTextFile(`${cwd}/words.json`, JSON.stringify(ids));
    const args = ["import", "--weights", "net.safetensors", "--vocabulary", "words.json"];
    const { status, err } = await unroll([...args, "--labels", "labels.json", "--out", "m"], {
      cwd,
    });
    assertEquals([status, err], [0, ""]);
    const { out } = await unroll(["predict", "--model", "m", "--json", "not bad"], { cwd });
    assertEquals(Object.keys(JSON.parse(out).probabilities), ["x", "y", "z"]);
  }));

Deno.test("import creates models of series, with their columns and scales", () =>
  inFolder(async (cwd) => {
    const { tensors, options, texts, outputs } = golden.cases.at(-2)!;
    const { columnScale } = options as { columnScale: { means: number[]; deviations: number[] } };
    await Deno.writeFile(`${cwd}/net.safetensors`, saved(tensors as unknown as Tensors));
    const args = "import --weights net.safetensors --task series-classification --labels a,b,c " +
      `--columns x,y --head mean --means ${columnScale.means} --deviations`;
    const numbers = columnScale.deviations.join(",");
    const wrong = await unroll([...args.split(" "), "2,x"], { cwd });
    assertEquals([wrong.status, wrong.out], [2, ""]);
    assertStringIncludes(
      wrong.err,
      '--deviations: expected numbers separated by commas, got "2,x"',
    );
    const { status, out, err } = await unroll([...args.split(" "), numbers], { cwd });
    assertEquals([status, err], [0, ""]);
    assertStringIncludes(out, "deno task predict --model model.safetensors --data series.csv");
    const rows = texts[0].split(";").map((row) => `one,${row}`);
    await Deno.writeTextFile(`${cwd}/series.csv`, `series,x,y\n${rows.join("\n")}\n`);
    const asked = await unroll(["predict", "--data", "series.csv", "--json"], { cwd });
    assertEquals([asked.status, asked.err], [0, ""]);
    const { probability } = JSON.parse(asked.out);
    assert(Math.abs(Math.log(probability) - Math.max(...outputs[0])) < 1e-5, asked.out);
  }));

Deno.test("import prints one line and writes nothing if its input is invalid", () =>
  withWeights(async (cwd) => {
    await Deno.writeFile(`${cwd}/net.pt`, new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0]));
    await Deno.writeFile(`${cwd}/latin.txt`, new Uint8Array([0xe9, 10]));
    await Deno.writeTextFile(`${cwd}/few.txt`, "a\nb\n");
    const files = await filesIn(cwd);
    const cases: [string, string][] = [
      ["", "a model for classification needs its labels by id: give --labels a,b,c or a file"],
      [
        "--labels x,y",
        "net.safetensors: has no head.weight [2,6] or [2,12] or [1,6] or [1,12], the",
      ],
      ["--labels x,y,z --vocabulary few.txt", "has no embedding.weight [2,4], for 2 words"],
      ["--labels x,y,z --vocabulary latin.txt", "latin.txt: is not UTF-8"],
      ["--labels x,y,z --vocabulary none.txt", "none.txt: no such file"],
      ["--labels x,y,z --weights net.pt", 'save_file(torch.load("net.pt", weights_only=True)'],
      ["--labels x,y,z --weights none", "none: no such file"],
      ["--labels x,y,z --cell gru", "which is a lstm of 3; a gru of 3 would have"],
      ["--labels x,y,z --out words.txt", "words.txt: has the words; choose another --out"],
      ["--labels x,y,z --out no/m", "no/m: its folder does not exist; create it first"],
      ["--labels x,y,z --tensor head.weight", "--tensor: expected OURS=THEIRS"],
      ["--labels x,y,z --task forecast", "--task: expected classification, tagging, multi-label, "],
    ];
    for (const [flags, expected] of cases) {
      const given = flags.split(" ").filter(Boolean);
      const usual = [1, 3].filter((i) => !given.includes(ARGS[i]));
      const args = ["import", ...usual.flatMap((i) => ARGS.slice(i, i + 2)), ...given];
      const { status, out, err } = await unroll(args, { cwd });
      assertEquals([status, out], [2, ""], flags);
      assert(err.startsWith("error: ") && err.includes(expected), `${flags}: ${err}`);
      assertEquals(err.trim().split("\n").length, 1, err);
      assertEquals(await filesIn(cwd), files, flags);
    }
    const bare = await unroll(["import"], { cwd });
    assertStringIncludes(bare.err, "import needs weights: give --weights FILE");
  }));
