/**
 * The other libraries in the benchmarks.
 *
 * @module
 */
import { denoCommand, peerPath } from "./peer.ts";
import { fetchCommand } from "./peers/npm.ts";
import { GET_PYTORCH, newest, type Python } from "./python.ts";

/** A program of another library. */
export interface Peer {
  /** The library. */
  name: string;
  /** The command, to be followed by the workload's name; undefined if it is not installed. */
  command?: string[];
  /**
   * The arguments after the workload's name. If there are several lists, each is measured; of those
   * with the same program name, the table shows the fastest.
   */
  options: string[][];
  /** The workloads that it supports and finishes in reasonable time. */
  workloads: string[];
  /** How to install it. */
  get: string;
}

const CHARACTERS = ["characters-256x2", "characters-512x1"];
const BATCHED = ["classifier", "sentence", ...CHARACTERS];

/** Returns all peers; those in Python use the newest version of what they need. */
export function peerTable(pythons: readonly Python[]): Peer[] {
  const python = (name: "torch" | "numpy", file: string) => {
    const best = newest(pythons, name);
    return best && [best.command, peerPath(file)];
  };
  const pytorch = { name: "PyTorch", command: python("torch", "pytorch.py"), get: GET_PYTORCH };
  return [
    {
      name: "numpy",
      command: python("numpy", "article.py"),
      options: [[]],
      workloads: ["article"],
      get: "python3 -m venv bench/.venv && bench/.venv/bin/pip install numpy",
    },
    { ...pytorch, options: [["1"]], workloads: ["article", ...BATCHED] },
    // The article's matrix products are too small for two threads.
    { ...pytorch, options: [["2"], ["2", "passive"]], workloads: BATCHED },
    {
      name: "ONNX Runtime",
      command: denoCommand("onnxruntime.ts"),
      options: [["1"], ["2"]],
      workloads: ["sentence"],
      get: fetchCommand("onnxruntime"),
    },
    {
      name: "jax-js",
      command: denoCommand("jaxjs.ts"),
      options: [[]],
      workloads: ["sentence", ...CHARACTERS], // its jit cannot compile the gradient of an embedding
      get: fetchCommand("jaxjs"),
    },
    {
      name: "TensorFlow.js",
      command: denoCommand("tfjs.ts"),
      options: [["wasm"]],
      workloads: ["sentence", ...CHARACTERS], // it never finishes a step of the classifier
      get: fetchCommand("tfjs", "tfjsWasm"),
    },
    {
      name: "brain.js",
      command: denoCommand("brainjs.ts"),
      options: [[]],
      workloads: CHARACTERS,
      get: fetchCommand("brainjs"),
    },
  ];
}
