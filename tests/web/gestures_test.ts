import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import {
  InputError,
  predict,
  Random,
  type Series,
  strokeNovelty,
  strokeSeries,
} from "@unroll/core";
import { csvOf, gestureOf, gesturesIn, seriesOf } from "#web/numbers/gestures_csv.ts";
import type { Gesture } from "#web/numbers/gestures_protocol.ts";
import { sampleStroke } from "#web/numbers/gestures_samples.ts";
import { NOVEL } from "#web/numbers/gestures_settings.ts";
import { backend, crossValidation, training } from "#web/numbers/gestures_training.ts";

const SHAPES = ["Circle", "Zigzag", "Check mark"];

/** Returns generated strokes, the same number for each shape. */
function strokes(first: number, count: number): Series[] {
  return SHAPES.flatMap((label, shape) =>
    Array.from({ length: count }, (_, i) => {
      const { x, y } = sampleStroke(shape, first + i);
      return strokeSeries(x, y, { label });
    })
  );
}

/** Counts the strokes that a network trained on others recognizes. */
async function recognized(learned: Series[], asked: Series[]): Promise<number> {
  const { model, epochs } = training(learned);
  for await (const _ of epochs);
  const predicted = (await predict(backend, model, asked)).map(({ label }) => label);
  assertEquals(backend.live, 0);
  return asked.filter(({ label }, i) => label === predicted[i]).length;
}

Deno.test("fifteen generated strokes train the network to recognize others", async () => {
  const right = await recognized(strokes(0, 5), strokes(100, 20));
  assert(right >= 58, `${right} of 60`);
});

Deno.test("shapes with the same start are recognized in all sizes", async () => {
  const corners: Record<string, [x: number, y: number][]> = {
    S: [[0.6, 0.8], [-0.5, 0.9], [-0.6, 0.3], [0.5, -0.2], [0.5, -0.8], [-0.6, -0.9]],
    Z: [[-0.7, 0.9], [0.7, 0.9], [-0.7, -0.9], [0.7, -0.9]],
    "5": [[0.6, 0.9], [-0.5, 0.9], [-0.6, 0.1], [0.5, 0.1], [0.5, -0.8], [-0.6, -0.9]],
  };
  const random = new Random(9), within = (most: number) => most * (2 * random.uniform() - 1);
  const draw = (count: number) =>
    Object.entries(corners).flatMap(([label, points]) =>
      Array.from({ length: count }, () => {
        const size = 0.27 + within(0.12);
        const moved = points.map((point) => point.map((v) => size * (v + within(0.08))));
        return strokeSeries(moved.map(([x]) => x), moved.map(([, y]) => y), { label });
      })
    );
  const right = await recognized(draw(5), draw(20));
  assert(right >= 55, `${right} of 60`);
});

Deno.test("cross-validation predicts each stroke once, by networks not trained on it", async () => {
  const found = [];
  for await (const each of crossValidation(strokes(0, 3))) if (each) found.push(each);
  assertEquals(found.map(({ fold, folds }) => [fold, folds]), [[1, 3], [2, 3], [3, 3]]);
  assertEquals(found[0].predicted.filter((label) => label !== undefined).length, 3);
  const { predicted, network } = found[2], known = strokes(0, 3);
  const right = known.filter(({ label }, i) => label === predicted[i]).length;
  assertEquals(network, right / 9);
  assertEquals(await crossValidation(strokes(0, 1)).next(), { done: true, value: undefined });
});

Deno.test("generated strokes of a shape resemble each other, and differ from other shapes", () => {
  const known = strokes(0, 6);
  const novel = strokes(100, 20).filter((stroke) => strokeNovelty(known, stroke) > NOVEL);
  assertLess(novel.length, 6);
  const others = [
    strokeSeries([0, 1], [0, 0]),
    strokeSeries([0, 0, 0.5, 0.5, 0], [0.5, 0, 0, 0.5, 0.5]),
  ];
  for (const stroke of others) assert(strokeNovelty(known, stroke) > NOVEL);
});

Deno.test("strokes are restored from their file", async () => {
  const gestures = strokes(0, 2).map(gestureOf);
  gestures[0] = { ...gestures[0], label: 'a "round", one' };
  const file = new File([csvOf(gestures)], "gestures.csv");
  assertEquals(await gesturesIn(file), { gestures, notes: [] });
  assertEquals(seriesOf(gestures[3]).values[0], Float64Array.from(gestures[3].x));
});

Deno.test("a file without strokes is refused with its name and line", async () => {
  const read = (content: string) => gesturesIn(new File([content], "a.csv"));
  await assertRejects(() => read("x,y\n1,2\n"), InputError, "a.csv:1: no column");
  await assertRejects(
    () => read("id,t,x,y,shape\na,0,1,2,\na,1,1,2,\n"),
    InputError,
    "a.csv:2: ",
  );
  await assertRejects(
    () => read("id,t,x,y,shape\na,0,1,2,up\na,1,101,2,up\n"),
    InputError,
    "points of the stroke are up to 100 apart",
  );
});

Deno.test("a gesture of any label becomes a series with it", () => {
  const gesture: Gesture = { label: "=1+1", x: [0, 0.05], y: [0, 0] };
  assertEquals(gestureOf(seriesOf(gesture)), gesture);
});
