/** Examples and rows read from bytes equal those of the whole file, at any chunk boundary. */
import { assertEquals, assertThrows } from "@std/assert";
import {
  createExampleReader,
  createRowReader,
  type DataProblem,
  describeReading,
  type Example,
  type ExampleReaderOptions,
  InputError,
  inspectData,
  readRows,
} from "@unroll/core";

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Reads chunks: returns the examples, problems and descriptions, or the error. */
function read(chunks: readonly Uint8Array[], options: ExampleReaderOptions) {
  const problems: DataProblem[] = [], said: string[] = [], examples: Example[] = [];
  const reader = createExampleReader({
    ...options,
    onProblem: (problem) => problems.push(problem),
    onRead: (reading) => said.push(describeReading(reading)),
  });
  try {
    for (const chunk of chunks) examples.push(...reader.push(chunk));
    examples.push(...reader.end());
  } catch (error) {
    return { error: (error as Error).message };
  }
  assertEquals(reader.rows, examples.length + problems.length);
  return { examples, problems: problems.toSorted((a, b) => a.line - b.line), said };
}

const FILES: Record<string, string> = {
  "a.csv": 'text,label\r\n"gut, ""schön""\r\nbad",up\r\n,\r\nbad,dówn,x\r\nso so,\r\nnot bad,up',
  "a.tsv": '\ufefftext\tlabel\ngood 😀\tup\n\n5" wide\tdown\n',
  "semicolons.csv": "review;stars\nÜbel, sehr;1\nGut, sehr;5\nSo, so;1\nGut;5\n",
  "none.tsv": "so good\tup\nbad\tdown\nso so\tup\n",
  "a.jsonl": '{"text":"é","label":1}\n{"text":"b"}\n[]\r\n\n{"label":"x","text":"日本"}',
  "a.json": '[{"text":"é \\"","label":"a"},\r\n 7, {"text":"{","label":"b"}]\n',
  "a.conll": "-DOCSTART- X\n\nÄnna B-PER\r\nsleeps O\r\n\r\nx\n\nBo B-PER\n",
  "a.conllu": "# id\n" +
    ["1-2", "1", "2"].map((id) => `${id}\té\t_\tNOUN\t_\t_\t0\troot\t_\t_\n`).join("") + "\n",
  "fasttext.txt": "__label__up so góod\nbad\n\nnot __label__down so\n",
  "words.csv": "Sentence #,Word,POS,Tag\nSentence: 1,Änna,NN,B-per\n,sleeps,VB,O\n" +
    "Sentence: 2,,NN,O\n,x,NN,O\nSentence: 3,Bo,NN,B-per\n",
  "blank.csv": " \n\r\n\ufeff",
  "header.csv": "text,label\n",
  "open.csv": 'text,label\n"good,up\nbad,down\n',
  "columns.csv": "a,b,c\n1,2,3\n",
};

for (const [name, content] of Object.entries(FILES)) {
  Deno.test(`createExampleReader() reads ${name} like inspectData(), at any chunk boundary`, () => {
    const bytes = bytesOf(content), options = { name, isCautious: true };
    const whole = read([bytes], options);
    assertEquals(read(Array.from(bytes, (byte) => Uint8Array.of(byte)), options), whole);
    for (let at = 0; at <= bytes.length; at++) {
      const cut = read([bytes.subarray(0, at), bytes.subarray(at)], options);
      assertEquals(cut, whole, `split at ${at}`);
    }
    const format = name.endsWith("txt") ? undefined : (/\w+$/.exec(name)![0] as "csv");
    const said: string[] = [];
    try {
      const { examples, problems } = inspectData(content, {
        ...{ ...options, format },
        onRead: (reading) => said.push(describeReading(reading)),
      });
      assertEquals(whole, { examples, problems, said });
    } catch (error) {
      assertEquals(whole, { error: (error as Error).message });
    }
  });
}

Deno.test("createExampleReader() reads other encodings, and reports the line of an invalid byte", () => {
  const latin = Uint8Array.from("text,label\ncafé,up\n", (c) => c.charCodeAt(0));
  const cut = Array.from(latin, (byte) => Uint8Array.of(byte));
  assertEquals(read(cut, { encoding: "latin1" }).examples?.[0].text, "café");
  const { error } = read(cut, { name: "a.csv" });
  assertEquals(error?.slice(0, 53), "a.csv:2: not UTF-8: the byte E9 at byte offset 14; sa");
});

Deno.test("createExampleReader() reports its format first, then yields rows as they arrive", () => {
  const seen: unknown[] = [];
  const reader = createExampleReader({
    name: "a.txt",
    onBeginning: ({ format, isGuess, text }) => seen.push(format, isGuess, text.length),
  });
  const rows = bytesOf('{"text":"good","label":"up"}\n'.repeat(3000));
  assertEquals(reader.push(rows.subarray(0, 1000)).length, 0); // buffered to detect the format
  assertEquals(seen, []);
  assertEquals(reader.push(rows.subarray(1000)).length > 2000, true);
  assertEquals(seen, ["jsonl", true, 2 ** 16 + 1]);
  reader.end();
  assertEquals(reader.rows, 3000);
});

Deno.test("beyond 20,000, a file may not have more invalid lines than valid ones", () => {
  const content = (good: number) => {
    const rows = Array.from({ length: 60_000 }, (_, i) => i % 60 < good ? "so good,up\n" : "a\n");
    return bytesOf(`text,label\n${rows.join("")}`);
  };
  const reader = createExampleReader({ name: "a.csv" });
  const examples = [...reader.push(content(35)), ...reader.end()];
  assertEquals([examples.length, reader.rows], [35_000, 60_000]);
  const bad = createExampleReader({ name: "a.csv" });
  assertThrows(
    () => [...bad.push(content(5)), ...bad.end()],
    InputError,
    "a.csv:7: more than 20000 lines cannot be read; the first: 1 field where the header",
  );
});

Deno.test("createRowReader() yields the rows of readRows(), at any chunk boundary", () => {
  const files: Record<string, string> = {
    "a.csv": FILES["a.csv"],
    "a.tsv": FILES["a.tsv"],
    "semicolons.csv": FILES["semicolons.csv"],
    "a.json": FILES["a.json"].replace("7,", '{"n":1.0,"text":null},'),
    "a.jsonl": FILES["a.jsonl"].replace("[]", '{"n":1.0}'),
    "words.csv": FILES["words.csv"],
    "blank.csv": FILES["blank.csv"],
    "columns.csv": FILES["columns.csv"],
  };
  for (const [name, content] of Object.entries(files)) {
    const report = () => {};
    const outcome = (fn: () => unknown) => {
      try {
        return fn();
      } catch (error) {
        return (error as Error).message;
      }
    };
    const usualColumn = name === "columns.csv" ? undefined : "text";
    const whole = outcome(() => {
      const rows = readRows(content, { name, report, usualColumn });
      return [[...rows], rows.textColumn];
    });
    const bytes = bytesOf(content);
    const cut = (chunks: readonly Uint8Array[]) =>
      outcome(() => {
        const reader = createRowReader({ name, report, usualColumn });
        const rows = chunks.flatMap((chunk) => reader.push(chunk));
        rows.push(...reader.end());
        return [rows, reader.textColumn];
      });
    for (let at = 0; at <= bytes.length; at++) {
      assertEquals(cut([bytes.subarray(0, at), bytes.subarray(at)]), whole, `${name} at ${at}`);
    }
    assertEquals(cut(Array.from(bytes, (byte) => Uint8Array.of(byte))), whole, name);
  }
});
