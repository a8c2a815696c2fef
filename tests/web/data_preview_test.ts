import { inspectFile, previewOf } from "#web/worker/data_preview.ts";
import { assertEquals } from "@std/assert";

const NAME = "own.csv";

async function previewed(content: string, task: string) {
  const request = { source: new Blob([content]), name: NAME, task };
  return previewOf(request, await inspectFile(request));
}

Deno.test("a preview leaves out texts without words, and says what is odd", async () => {
  const content = "text,label\ngood,up\n:),up\nbad,Up\na,b,c\n!!!,down\nso,down\n";
  const { count, problems, warnings } = await previewed(content, "classification");
  assertEquals(count, 3);
  assertEquals(problems.map(({ line }) => line), [3, 5, 6]);
  assertEquals(problems[0].problem, 'the text ":)" has no words; remove it');
  assertEquals(warnings.map(({ kind }) => kind), ["similar-labels"]);
});

Deno.test("a preview of tags and of pairs keeps marks", async () => {
  const tags = await previewed("text,label\n! a,O B\nb :),B O\n", "classification");
  assertEquals([tags.isTagging, tags.count, tags.warnings], [true, 2, []]);
  const pairs = await previewed("source,target\n:),:(\n!,?\n", "translate");
  assertEquals([pairs.count, pairs.problems], [2, []]);
});
