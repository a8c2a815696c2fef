/**
 * Every command in the README and in the guides runs as it stands there, in their order, on small files
 * of the names that they use.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Random } from "@unroll/core";
import { writeSafetensors } from "#core/files/safetensors.ts";
import { inFolder, unroll } from "./cli/helpers.ts";
import { GUIDES, linesOf, ROOT } from "./support/guides.ts";

/** Commands of the command line, by their first word. Others are the gate's own or need a server. */
const COMMANDS = [
  ...["train", "predict", "generate", "evaluate", "inspect", "export", "import", "backends"],
];

/** The words of a line, as a shell cuts it, and the file that is its standard input. */
function wordsOf(line: string): { words: string[]; input?: string } {
  const words = Array.from(
    line.matchAll(/"([^"]*)"|(\S+)/g),
    ([, quoted, plain]) => quoted ?? plain,
  );
  const at = words.indexOf("<");
  return at < 0 ? { words } : { words: words.slice(0, at), input: words[at + 1] };
}

/** The command lines of a document, in their order: those of blocks of code, and of tables. */
function commandsOf(text: string): string[] {
  const pattern = /^```sh\n([^]*?)^```|^\|.*$/gm;
  return Array.from(text.matchAll(pattern)).flatMap(([row, block]) =>
    block === undefined
      ? Array.from(row.matchAll(/`(deno task [^`]+ --out [^`]+)`/g), ([, command]) => command)
      : linesOf(block)
  ).filter((line) => COMMANDS.some((name) => new RegExp(`^deno task ${name}( |$)`).test(line)));
}

const SENTIMENT = ["works well", "broke at once", "very good indeed", "not good at all"];

/** A table of texts with a column for each of some functions of the row. */
function tableOf(
  rows: number,
  columns: Record<string, (i: number) => string | number>,
  separator = ",",
): string {
  const names = Object.keys(columns);
  const lines = Array.from(
    { length: rows },
    (_, i) => names.map((name) => columns[name](i)).join(separator),
  );
  return [names.join(separator), ...lines, ""].join("\n");
}

const text = (i: number) => `${SENTIMENT[i % 4]} order ${i}`;
const label = (i: number) => i % 2 ? "negative" : "positive";
const random = new Random(1);
const reviews = tableOf(40, { text, label, stars: (i) => 1 + (i * 7) % 5 });
const letters = (i: number) => ["Bianchi", "Yamada", "Kowalski", "Svensson"][i % 4];
const verse = "ROMEO:\nO, she doth teach the torches to burn bright!\n\nJULIET:\nGood pilgrim.\n\n";

/** What is written for the commands to read. */
const FILES: Record<string, string> = {
  "reviews.csv": reviews,
  "more.csv": reviews,
  "test.csv": reviews,
  "new.csv": reviews,
  "2023.csv": reviews,
  "more/a.csv": reviews,
  "labeled.csv": reviews,
  "spam.csv": reviews,
  "names.csv": tableOf(120, { text: (i) => letters(i) + i % 9, label: (i) => `l${i % 4}` }),
  "mails.tsv": tableOf(40, { subject: text, folder: label }, "\t"),
  "topics.csv": tableOf(40, { text, label: (i) => ["price", "price;quality", "quality"][i % 3] }),
  "stars.csv": tableOf(40, { text, stars: (i) => 1 + (i * 7) % 5 }),
  "pulses.csv": tableOf(160, {
    id: (i) => `p${Math.floor(i / 8)}`,
    t: (i) => i % 8,
    pulse: (i) => 60 + Math.floor(i / 8) + random.uniform(),
    age: (i) => 20 + Math.floor(i / 8),
  }),
  "texts.txt": "it is fine\nwe are gloomy\n",
  "book.txt": verse.repeat(12),
  "unlabeled.txt": `${SENTIMENT.join("\n")}\n`.repeat(20),
  "glove.6B.100d.txt": [...new Set(SENTIMENT.join(" ").split(" "))].map((word) =>
    `${word} ${Array.from({ length: 100 }, () => random.uniform().toFixed(3)).join(" ")}\n`
  ).join(""),
  "train.csv": reviews,
  "words.txt": "<unk>\nit\nis\nnot\nbad\n",
  "examples/shakespeare/train.txt": verse.repeat(12),
};

/** How many lines of each of the examples' files are taken, so that training takes a second. */
const LINES: Record<string, number> = {
  "examples/mails/train.csv": 81,
  "examples/mails/test.csv": 41,
  "examples/tagging/train.csv": 61,
  "examples/tagging/test.csv": 21,
  "examples/dates/train.csv": 61,
  "examples/dates/test.csv": 11,
  "examples/visitors/visitors.csv": Infinity,
  "examples/gestures/train.csv": Infinity,
  "examples/gestures/test.csv": Infinity,
};

/** Weights as PyTorch saves them: an LSTM that reads words or columns, and a head for two labels. */
function weightsOf(shapes: Record<string, [number, number] | [number]>): Uint8Array {
  const tensors = Object.entries(shapes).map(([name, shape]) => {
    const data = new Float32Array(shape.reduce((product: number, size) => product * size, 1));
    return [name, { shape, data: data.map(() => random.uniform() - 0.5) }];
  });
  return writeSafetensors({}, Object.fromEntries(tensors));
}

const lstm = (inputs: number, units: number) => ({
  "lstm.weight_ih_l0": [4 * units, inputs] as [number, number],
  "lstm.weight_hh_l0": [4 * units, units] as [number, number],
  "lstm.bias_ih_l0": [4 * units] as [number],
  "lstm.bias_hh_l0": [4 * units] as [number],
  "fc.weight": [2, units] as [number, number],
  "fc.bias": [2] as [number],
});
/** The weights that are imported. */
const WEIGHTS = {
  "net.safetensors": weightsOf({ "emb.weight": [5, 3], ...lstm(3, 4) }),
  "sensors.safetensors": weightsOf(lstm(2, 4)),
};

async function prepare(cwd: string): Promise<void> {
  const write = async (name: string, content: string) => {
    await Deno.mkdir(`${cwd}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${cwd}/${name}`, content);
  };
  for (const [name, content] of Object.entries(FILES)) await write(name, content);
  for (const [name, bytes] of Object.entries(WEIGHTS)) {
    await Deno.writeFile(`${cwd}/${name}`, bytes);
  }
  for (const [name, lines] of Object.entries(LINES)) {
    const whole = (await Deno.readTextFile(new URL(name, ROOT))).split("\n");
    await write(name, whole.slice(0, lines).join("\n"));
  }
}

const TRAINED = "job/trained.safetensors";

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

for (const document of ["README.md", ...GUIDES]) {
  const commands = commandsOf(Deno.readTextFileSync(new URL(document, ROOT)));
  if (commands.length === 0) continue;
  Deno.test(`the commands of ${document} run as they stand there`, () =>
    inFolder(async (cwd) => {
      await prepare(cwd);
      // What other guides have trained.
      const { status } = await unroll(["train", "--epochs", "5"], { cwd });
      assertEquals(status, 0);
      for (const command of commands) {
        const { words: [, , ...args], input } = wordsOf(command);
        // What a train.py writes, which a test of its own runs.
        if (args.includes(TRAINED) && !await isThere(`${cwd}/${TRAINED}`)) {
          await Deno.copyFile(`${cwd}/model.safetensors`, `${cwd}/${TRAINED}`);
        }
        const given = input && await Deno.readTextFile(`${cwd}/${input}`);
        const { status, err } = await unroll(args, { cwd, input: given });
        assertEquals(status, 0, `${command}\n${err}`);
      }
    }));
}

Deno.test("commandsOf() finds commands in blocks and tables, and wordsOf() splits them", () => {
  const text = "```sh\ndeno task train --data a.csv \\\n  --out b\ndeno task web\n```\n" +
    "| write | `deno task train --out c` |\n\n`deno task train --out d`\n";
  assertEquals(commandsOf(text), [
    "deno task train --data a.csv --out b",
    "deno task train --out c",
  ]);
  assertEquals(wordsOf('predict "a b" c < in.txt'), {
    words: ["predict", "a b", "c"],
    input: "in.txt",
  });
  assert(commandsOf("nothing").length === 0);
});
