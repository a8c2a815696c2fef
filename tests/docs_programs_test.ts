/**
 * What the guides have besides commands and programs of Deno runs as it stands there too: Python, curl,
 * torchrun and a BLAS, where they are installed.
 *
 * @module
 */
import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { inFolder, unroll } from "./cli/helpers.ts";
import { blocksOf, GUIDES, linesOf, ROOT } from "./support/guides.ts";
import { pythonWithTorch, run } from "./support/pytorch.ts";

const python = await pythonWithTorch();
const hasOnnxRuntime = python !== undefined && await has(python, "-c", "import onnxruntime");
const built: { train: { text: string; label: string }[] } = JSON.parse(
  await Deno.readTextFile(new URL("packages/cli/sentences.json", ROOT)),
);
const SENTENCES = built.train.map(({ text, label }) => ({
  text: text.replace("awful", "bad"), // a word of the guides
  label,
}));
const TABLE = ["text,label", ...SENTENCES.map(({ text, label }) => `${text},${label}`), ""].join(
  "\n",
);

/** Whether a program is there and ends well. */
async function has(command: string, ...args: string[]): Promise<boolean> {
  return await run(command, args).then(() => true, () => false);
}

/** The blocks of code of a language in a guide. */
function blocksIn(document: string, language: string): string[] {
  return blocksOf(Deno.readTextFileSync(new URL(document, ROOT)), language);
}

/** Runs lines of a shell in a folder, in which `deno task` is the project's. */
async function shell(lines: string, cwd: string): Promise<string> {
  const bin = `${cwd}/.bin`;
  await Deno.mkdir(bin, { recursive: true });
  const write = (name: string, command: string) =>
    Deno.writeTextFile(`${bin}/${name}`, `#!/bin/sh\n${command} "$@"\n`, { mode: 0o755 });
  const config = new URL("deno.json", ROOT).pathname;
  // Where the tests are a task themselves, its folder is not the one to look for files in.
  const task = `"${Deno.execPath()}" task --quiet --config "${config}"`;
  await write("deno", `shift\nunset INIT_CWD\nexec ${task}`);
  if (python) {
    await write("python", `exec ${python}`);
    await write("torchrun", `exec ${python} -m torch.distributed.run`);
  }
  return await run("bash", ["-e", "-c", `PATH="${bin}:$PATH"\n${lines}`], {
    cwd,
    env: { NO_COLOR: "1", OMP_NUM_THREADS: "1" },
  });
}

async function trained(cwd: string, ...args: string[]): Promise<void> {
  const { status, err } = await unroll(["train", ...args], { cwd });
  assertEquals(status, 0, err);
}

/** What a guide's Python needs, and what it must print. */
interface PythonGuide {
  before(cwd: string): Promise<void>;
  /** What each block leaves to the reader. */
  preludes?: string[];
  check?(printed: string, cwd: string): Promise<void>;
  needsOnnxRuntime?: boolean;
}

const PYTHON: Record<string, PythonGuide> = {
  "docs/models.md": {
    before: (cwd) =>
      trained(cwd, ..."--data data.csv --epochs 2 --out mails.safetensors".split(" ")),
  },
  "docs/exporting.md": {
    before: (cwd) =>
      trained(
        cwd,
        ..."--data data.csv --epochs 2 --cell lstm --hidden 64 --embedding 32".split(" "),
        ..."--bidirectional yes --head last --baseline no".split(" "),
      ),
    preludes: ["", "net = torch.nn.ModuleDict({'lstm': torch.nn.LSTM(3, 4)})"],
    async check(printed, cwd) {
      const [, numbers] = /tensor\(\[\[?([^\]]*)\]/.exec(printed)!;
      const { out } = await unroll(["predict", "--json", "it is not bad"], { cwd });
      const { logits } = JSON.parse(out) as { logits: number[] };
      for (const [i, text] of numbers.split(",").entries()) {
        assertAlmostEquals(Number(text), logits[i], 1e-3); // as many digits as Python prints
      }
      assert((await Deno.stat(`${cwd}/net.safetensors`)).size > 0);
    },
  },
  "docs/onnx.md": {
    async before(cwd) {
      await trained(cwd, ..."--data data.csv --epochs 2".split(" "));
      await trained(
        cwd,
        ..."--task translate --data pairs.csv --epochs 2 --hidden 8 --out pairs".split(" "),
      );
      for (const [model, out] of [["model.safetensors", "model.onnx"], ["pairs", "pairs.onnx"]]) {
        const args = ["export", "--model", model, "--to", "onnx", "--out", out];
        const { status, err } = await unroll(args, { cwd });
        assertEquals(status, 0, err);
      }
    },
    preludes: [
      "",
      `encoder = onnxruntime.InferenceSession("pairs.encoder.onnx")
decoder = onnxruntime.InferenceSession("pairs.decoder.onnx")
labels = json.loads(decoder.get_modelmeta().custom_metadata_map["labels"])
source, lengths = np.array([[1, 2, 3]]), np.array([3], np.int32)`,
    ],
    check: (printed) => Promise.resolve(assertMatch(printed, /^\['\w+', '\w+'\]$/m)),
    needsOnnxRuntime: true,
  },
};

for (const document of GUIDES) {
  const blocks = blocksIn(document, "python");
  if (blocks.length === 0) continue;
  const guide = PYTHON[document];
  Deno.test({
    name: `the Python of ${document} runs as it stands there`,
    ignore: python === undefined || guide?.needsOnnxRuntime && !hasOnnxRuntime,
    fn: () =>
      inFolder(async (cwd) => {
        await Deno.writeTextFile(`${cwd}/data.csv`, TABLE);
        const pairs = SENTENCES.map(({ text, label }) => `${text},${label}`);
        await Deno.writeTextFile(`${cwd}/pairs.csv`, ["source,target", ...pairs, ""].join("\n"));
        await guide.before(cwd);
        const program = blocks.map((block, i) => `${guide.preludes?.[i] ?? ""}\n${block}`).join(
          "\n",
        );
        const printed = await run(python!, ["-c", program], { cwd });
        await guide.check?.(printed, cwd);
      }),
  });
}

const hasCurl = await has("curl", "--version");

Deno.test({
  name: "the curl of docs/serving.md runs as it stands there, on a free port",
  ignore: !hasCurl,
  fn: () =>
    inFolder(async (cwd) => {
      await trained(cwd, "--epochs", "5");
      const [block] = blocksIn("docs/serving.md", "sh");
      const [serve, ...asked] = block.trim().split("\n");
      assertMatch(serve, /^deno task serve .*--port 8080$/);
      const printed = await shell(
        `${serve.replace("8080", "0")} > log 2> start & server=$!
trap 'kill $server' EXIT
for wait in $(seq 300); do
  grep -q http start && break
  sleep 0.1
done
port=$(grep -oE '127.0.0.1:[0-9]+' start | head -n 1 | cut -d: -f2)
${asked.join("\n").replaceAll(":8080", ":$port")}`,
        cwd,
      );
      assertEquals(Object.keys(JSON.parse(printed).probabilities), ["negative", "positive"]);
    }),
});

Deno.test({
  name: "torchrun trains as docs/scaling.md says, and the model comes back",
  ignore: python === undefined,
  fn: () =>
    inFolder(async (cwd) => {
      for (const name of ["reviews.csv", "test.csv"]) {
        await Deno.writeTextFile(`${cwd}/${name}`, TABLE);
      }
      const [job, processes] = blocksIn("docs/scaling.md", "sh");
      assertMatch(await shell(job, cwd), /accuracy/i);
      // Those for several machines need several machines.
      const here = linesOf(processes).filter((line) => line !== "" && !line.includes("HOST"));
      assertEquals(here.length, 2);
      await Deno.remove(`${cwd}/job/checkpoint.pt`);
      await shell(here.join("\n"), `${cwd}/job`);
    }),
});

Deno.test("the command for a BLAS in docs/speed.md runs as it stands there", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/reviews.csv`, TABLE);
    const blocks = blocksIn("docs/speed.md", "sh");
    const line = blocks.find((block) => block.includes(":blas"))!;
    try {
      assertMatch(await shell(line, cwd), /Saved model\.safetensors/);
    } catch (error) {
      if (!/no BLAS was found/.test(String(error))) throw error;
    }
  }));
