/**
 * Makes dates in many spellings, and in ISO's: "the 3rd of May 2021" is to become "2021-05-03".
 * With slashes the month comes first, with points the day. No test date is trained on in any
 * spelling.
 *
 *     deno run --allow-write examples/dates/make.ts
 *
 * @module
 */
import { Random } from "@unroll/core";

const TRAIN = 10_000, TEST = 1000;
const FIRST = Date.UTC(1900, 0, 1), LAST = Date.UTC(2100, 0, 1);
const DAY = 24 * 60 * 60 * 1000; // milliseconds
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const random = new Random(2);
const below = (n: number) => Math.floor(random.uniform() * n);

/** A day of the month as it is said: 1st, 2nd, 3rd, 11th. */
function ordinal(day: number): string {
  const isTeen = day >= 11 && day <= 13;
  return `${day}${isTeen ? "th" : ["th", "st", "nd", "rd"][day % 10] ?? "th"}`;
}

function spellings(date: Date): string[] {
  const [d, m, y] = [date.getUTCDate(), date.getUTCMonth() + 1, date.getUTCFullYear()];
  const month = MONTHS[m - 1], weekday = DAYS[date.getUTCDay()];
  const short = month.slice(0, 3), two = (n: number) => String(n).padStart(2, "0");
  return [
    `${d} ${month} ${y}`,
    `${d} ${short} ${y}`,
    `${month} ${d}, ${y}`,
    `${short}. ${d}, ${y}`,
    `${month} ${ordinal(d)}, ${y}`,
    `${ordinal(d)} of ${month} ${y}`,
    `the ${ordinal(d)} of ${month}, ${y}`,
    `${weekday}, ${d} ${month} ${y}`,
    `${weekday.slice(0, 3)}, ${short} ${d}, ${y}`,
    `${d}-${short}-${y}`,
    `${d}.${m}.${y}`,
    `${two(d)}.${two(m)}.${y}`,
    `${m}/${d}/${y}`,
    `${y}/${two(m)}/${two(d)}`,
    `${y}${two(m)}${two(d)}`,
  ];
}

/** As people type: mostly as it should be, at times all in one case. */
function cased(text: string): string {
  const draw = below(10);
  return draw === 0 ? text.toUpperCase() : draw === 1 ? text.toLowerCase() : text;
}

const rows = new Map<number, string>(); // by the day
while (rows.size < TRAIN + TEST) {
  const day = FIRST + DAY * below((LAST - FIRST) / DAY);
  const date = new Date(day);
  const all = spellings(date);
  const text = cased(all[below(all.length)]);
  rows.set(day, `"${text}",${date.toISOString().slice(0, 10)}`);
}
const write = (name: string, some: string[]) =>
  Deno.writeTextFileSync(
    new URL(name, import.meta.url),
    `source,target\n${some.join("\n")}\n`,
  );
write("test.csv", [...rows.values()].slice(0, TEST));
write("train.csv", [...rows.values()].slice(TEST));
