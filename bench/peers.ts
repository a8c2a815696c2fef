/**
 * The same work in other libraries, in turns with ours.
 *
 *     deno task bench:peers [--json FILE] [WORKLOAD...]
 *
 * What is not installed is left out, with a line on how to get it.
 *
 * @module
 */
import { DEFAULT, FAST, startVariants } from "./ours.ts";
import { denoCommand, peerPath, startPeer } from "./peer.ts";
import { machine, markdownTable, parseArguments, rowOf, writeResults } from "./report.ts";
import { agreement, takeTurns } from "./turns.ts";
import { WORKLOADS } from "./workloads.ts";

interface Peer {
  name: string;
  /** Commands to try, the workload's name to follow. */
  commands: string[][];
  /** What follows that. */
  options?: string[];
  /** What it can do, in a time that one can wait for. */
  workloads: string[];
  /** How to get it. */
  get: string;
}

// The system's Python first, as its packages have both numpy and PyTorch.
const python = (file: string) =>
  ["/usr/bin/python3", "python3"].map((each) => [each, peerPath(file)]);
const CHARACTERS = ["characters-256x2", "characters-512x1"];
const BATCHED = ["classifier", "sentence", ...CHARACTERS];

const PEERS: Peer[] = [
  {
    name: "numpy",
    commands: python("article.py"),
    workloads: ["article"],
    get: "apt-get install python3-numpy, or python3 -m pip install numpy",
  },
  ...[1, 2].map((threads) => ({
    name: "PyTorch",
    commands: python("pytorch.py"),
    options: [String(threads)],
    workloads: threads === 1 ? ["article", ...BATCHED] : BATCHED, // the article's are too small
    get: "apt-get install python3-torch, or python3 -m pip install torch",
  })),
  {
    name: "TensorFlow.js",
    commands: [denoCommand("tfjs.ts")],
    workloads: ["sentence", ...CHARACTERS], // it never ends a step of the classifier
    get: "deno cache --no-lock npm:@tensorflow/tfjs@4.22.0",
  },
  {
    name: "brain.js",
    commands: [denoCommand("brainjs.ts")],
    workloads: CHARACTERS,
    get: "deno cache --no-lock npm:brain.js@2.0.0-beta.24",
  },
];

const { names, file } = parseArguments(Deno.args, Object.keys(WORKLOADS), "results-peers.json");
console.log(machine() + "\n");
const missing = new Set<string>();
const rows = [];
for (const workload of names) {
  const { title } = WORKLOADS[workload];
  const threaded = FAST.filter(({ threads = 1 }) => threads > 1);
  const programs = await startVariants(workload, [DEFAULT, ...threaded], missing);
  for (const { name, commands, options = [], workloads, get } of PEERS) {
    if (!workloads.includes(workload)) continue;
    const peer = await startPeer(commands.map((each) => [...each, workload, ...options]));
    if (typeof peer !== "string") programs.push(peer);
    else missing.add(`${name} is left out (${peer}); to get it: ${get}`);
  }
  const results = await takeTurns(programs);
  const { agree, line } = agreement(results);
  rows.push(rowOf(title, results, line));
  if (!agree) Deno.exitCode = 1;
  console.log(`${title}: ${line}`);
}
console.log(`\nMedians, and in brackets how many times as long as ours:\n\n${markdownTable(rows)}`);
if (missing.size > 0) console.log("\n" + [...missing].join("\n"));
await writeResults(file, { workloads: rows, missing: [...missing] });
