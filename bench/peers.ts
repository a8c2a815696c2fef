/**
 * Times the same workloads in Unroll and in other libraries, in turns.
 *
 *     deno task bench:peers [--json FILE] [WORKLOAD...]
 *
 * PyTorch is the newest among the virtual environment bench/.venv, python3, and /usr/bin/python3. A
 * library that is missing is skipped, and a line says how to install it.
 *
 * @module
 */
import { startVariants, VARIANTS } from "./ours.ts";
import { startPeer } from "./peer.ts";
import { peerTable } from "./peer_table.ts";
import { newest, pythons } from "./python.ts";
import {
  linesOfRows,
  machine,
  markdownTable,
  parseArguments,
  rowOf,
  writeResults,
} from "./report.ts";
import { agreement, fastestOfEach, takeTurns } from "./turns.ts";
import { WORKLOADS } from "./workloads.ts";

const { names, file } = parseArguments(Deno.args, Object.keys(WORKLOADS), "results-peers.json");
const here = await pythons();
const about = [machine()];
for (const name of ["torch", "numpy"] as const) {
  const python = newest(here, name);
  if (!python) continue;
  const kernels = name === "torch" ? python.torchKernels : python.numpyKernels;
  const library = name === "torch" ? "PyTorch" : "numpy";
  about.push(
    `${library} ${python[name]} in ${python.command}, Python ${python.python}: ${kernels}`,
  );
}
console.log(about.join("\n") + "\n");

const PEERS = peerTable(here);
const missing = new Set<string>(), kernels = new Set<string>();
const rows = [];
for (const workload of names) {
  const { title } = WORKLOADS[workload];
  const programs = await startVariants(workload, VARIANTS, missing);
  for (const { name, command, options, workloads, get } of PEERS) {
    if (!workloads.includes(workload)) continue;
    for (const option of options) {
      const peer = command ? await startPeer([...command, workload, ...option]) : "not found";
      if (typeof peer !== "string") programs.push(peer);
      else missing.add(`${name} is skipped (${peer}); to install it: ${get}`);
    }
  }
  for (const { name, about } of programs) if (about) kernels.add(`${name}: ${about}`);
  const results = await takeTurns(programs);
  const { agree, line } = agreement(results);
  rows.push(rowOf(title, fastestOfEach(results), line));
  if (!agree) Deno.exitCode = 1;
  console.log(`${title}: ${line}`);
}
const table = markdownTable(linesOfRows(rows));
console.log(`\nMedians and, in parentheses, the ratio to the first row:\n\n${table}`);
for (const lines of [kernels, missing]) {
  if (lines.size > 0) console.log("\n" + [...lines].join("\n"));
}
await writeResults(file, { about: [...about, ...kernels], workloads: rows, missing: [...missing] });
