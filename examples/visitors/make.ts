/**
 * Makes the visitors of a museum, month by month over twelve years: they grow from year to year, come
 * in summer and at the end of the year, and more of them when there is a special exhibition. Those
 * of the year to come are planned already, and its visitors are unknown.
 *
 *     deno run --allow-write examples/visitors/make.ts
 *
 * @module
 */
import { Random } from "@unroll/core";

const YEARS = 12, FIRST = 2012;
const SEASON = [0.7, 0.75, 0.9, 1, 1.05, 1.2, 1.45, 1.5, 1.05, 0.9, 0.75, 1.1]; // of each month
const GROWTH = 1.006, NOISE = 0.03; // a month
const random = new Random(1);

const rows = Array.from({ length: 12 * (YEARS + 1) }, (_, t) => {
  const month = t % 12, year = FIRST + Math.floor(t / 12);
  const exhibition = random.uniform() < 0.25 ? 1 : 0;
  const visitors = 8000 * GROWTH ** t * SEASON[month] * (1 + 0.2 * exhibition) *
    (1 + NOISE * random.normal());
  const known = t < 12 * YEARS ? Math.round(visitors) : "";
  return `${year}-${String(month + 1).padStart(2, "0")},${known},${exhibition}`;
});
Deno.writeTextFileSync(
  new URL("visitors.csv", import.meta.url),
  `month,visitors,exhibition\n${rows.join("\n")}\n`,
);
