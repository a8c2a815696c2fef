/**
 * Times the CPU backend's fast kernels, in turns with its plain loops, and how the cost grows with
 * the number of words and with the hidden size.
 *
 *     deno task bench [--json FILE] [WORKLOAD...]
 *
 * @module
 */
import { FAST, PLAIN, startVariants } from "./ours.ts";
import { machine, parseArguments, rowOf, showRatio, showTime, writeResults } from "./report.ts";
import { agreement, takeTurns } from "./turns.ts";
import { growth, SCALINGS } from "./scaling.ts";
import { WORKLOADS } from "./workloads.ts";

const known = [...Object.keys(WORKLOADS), ...Object.keys(SCALINGS)];
const { names, file } = parseArguments(Deno.args, known, "results.json");
console.log(machine() + "\n");

const missing = new Set<string>();
const rows = [];
for (const name of names.filter((name) => name in WORKLOADS)) {
  const results = await takeTurns(await startVariants(name, [PLAIN, ...FAST], missing));
  const { agree, line } = agreement(results);
  const row = rowOf(WORKLOADS[name].title, results, line);
  rows.push(row);
  console.log(row.title);
  for (const { name, median, min, max, ratio } of row.results) {
    const range = `${showTime(min)} to ${showTime(max)}`;
    const times = ratio === 1 ? "" : `${showRatio(1 / ratio)} times as fast`;
    const line = `  ${name.padEnd(34)}${showTime(median).padStart(9)}   ${
      range.padEnd(24)
    }${times}`;
    console.log(line.trimEnd());
  }
  if (!agree) Deno.exitCode = 1;
  console.log(`  ${line}\n`);
}

const scaling = [];
for (const name of names.filter((name) => name in SCALINGS)) {
  const grown = await growth(SCALINGS[name]);
  scaling.push(grown);
  console.log(grown.title);
  for (const [i, { size, median }] of grown.points.entries()) {
    const times = i === 0 ? "" : `${showRatio(grown.ratios[i - 1])} times as long`;
    const line = `  ${String(size).padEnd(34)}${showTime(median).padStart(9)}   ${times}`;
    console.log(line.trimEnd());
  }
  console.log();
}
for (const line of missing) console.log(line);
await writeResults(file, { workloads: rows, scaling });
