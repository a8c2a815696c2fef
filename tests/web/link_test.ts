import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromHash, partsOfHash, toHash } from "#web/link.ts";
import { ARTICLE, type Settings } from "#web/settings.ts";
import { presetOf } from "#web/sets/presets.ts";
import { type LinkData, packData, unpackData } from "#web/worker/link_data.ts";

const ROWS = [
  { text: 'Works, "well" — größer, 好', label: "up", where: "line 2" },
  { text: "Broke\non day one", label: "down", where: "line 4" },
];
const OWN: LinkData["own"] = { train: ROWS, test: [], name: "C:\\data\\my reviews.tsv" };

Deno.test("a link restores the sentence and the view", () => {
  const view = {
    text: "a & b = 100% #1",
    label: "x,y",
    pass: "backward",
    layer: 1,
    gates: true,
    unit: 5,
    word: 2,
  } as const;
  const settings = { ...presetOf("tags"), cell: "lstm", layers: 2 } as Settings;
  const hash = toHash(settings, { view, embed: ["settings", "learning"] });
  assert(hash.startsWith("#embed&hide=settings,learning&set=tags&"), hash);
  assertEquals(fromHash(hash), settings);
  const parts = partsOfHash(hash);
  assertEquals(parts.view, view);
  assertEquals([parts.embed, parts.data], [["settings", "learning"], undefined]);
  assertEquals(toHash(settings), "#set=tags&cell=lstm&layers=2"); // nothing else by itself
});

Deno.test("invalid parts of a link's view are ignored", () => {
  const { view, embed } = partsOfHash("#pass=up&layer=-1&gates=1&unit=1e9&word=x&hide=bar");
  assertEquals(Object.values(view!).filter((value) => value !== undefined), []);
  assertEquals(embed, undefined);
  assertEquals(partsOfHash("#embed").embed, []);
  assertEquals(partsOfHash(`#text=${"a".repeat(9000)}`).view?.text?.length, 2000);
});

Deno.test("a link to own data keeps its settings and task", () => {
  const own = { ...ARTICLE, set: "own", task: "translate", cell: "gru", hidden: 8 } as Settings;
  const settings = fromHash(toHash(own));
  assertEquals(settings, own);
  assertEquals(fromHash("#set=own&hidden=8").set, "own");
  assertEquals(fromHash("#set=own&task=nonsense").task, "classification");
  assertEquals(partsOfHash("#set=own&data=abc").data, "abc");
  assertEquals(partsOfHash("#set=tags&data=abc").data, undefined);
  assertEquals(partsOfHash("#set=nowhere").unknownSet, "nowhere");
  assertEquals(partsOfHash("#set=own").unknownSet, undefined);
});

Deno.test("small data is restored from a link", async () => {
  const packed = await packData({ task: "classification", own: OWN });
  assert(/^[\w-]+$/.test(packed!), packed);
  assertEquals(await unpackData(packed!), {
    task: "classification",
    own: {
      train: ROWS.map(({ text, label }) => ({ text, label })),
      test: [],
      name: "my reviews.csv",
      isWhole: false,
      isPasted: true,
    },
  });
  const whole = { train: [{ text: "to be or not\n", label: "" }], test: [], name: "hamlet.md" };
  const text = await packData({ task: "language-model", own: { ...whole, isWhole: true } });
  assertEquals((await unpackData(text!)).own.name, "hamlet.txt");
});

Deno.test("a hundred short texts fit into a link's 8,000 characters; much larger data is not packed", async () => {
  const words = "good bad not very at all great awful fine gloomy was it the film day".split(" ");
  const train = Array.from({ length: 200 }, (_, i) => ({
    text: Array.from({ length: 6 }, (_, j) => words[(i * 7 + j * j * 3 + i * j) % 15]).join(" "),
    label: i % 2 ? "positive" : "negative",
  }));
  const packed = await packData({ task: "classification", own: { ...OWN, train } });
  assert(packed!.length < 8000, String(packed!.length));
  const large = { ...OWN, train: [{ text: "x".repeat(300_000), label: "a" }] };
  assertEquals(await packData({ task: "classification", own: large }), undefined);
});

async function packOf(value: unknown): Promise<string> {
  const stream = new Blob([JSON.stringify(value)]).stream()
    .pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}

Deno.test("damaged or hostile data of a link is refused", async () => {
  const good = (await packData({ task: "classification", own: OWN }))!;
  const row = ["a", "x"], task = "classification";
  const others = [
    "",
    "%%%",
    good.slice(0, -20),
    `A${good}`,
    await packOf(null),
    await packOf([2, task, "a", 0, [row]]),
    await packOf([1, "nonsense", "a", 0, [row]]),
    await packOf([1, task, 7, 0, [row]]),
    await packOf([1, task, "a", 0, []]),
    await packOf([1, task, "a", 0, [["a"], row]]),
    await packOf([1, task, "a", 0, [["a", { toString: 1 }]]]),
    await packOf([1, task, "a", 0, [["", "x"]]]),
    await packOf([1, task, "a", 0, [["a".repeat(3_000_000), "x"]]]), // 3 kB packed
  ];
  for (const [i, packed] of others.entries()) {
    await assertRejects(() => unpackData(packed), Error, undefined, `the one at ${i}`);
  }
});
