/**
 * `train.py` under torchrun: when a worker dies, and on two hosts.
 *
 * `deno task test:torchrun` runs both: it needs a Python with PyTorch, and for the hosts, which are
 * network namespaces of this machine, `ip` and root privileges.
 *
 * @module
 */
import { assert, assertEquals, assertLess } from "@std/assert";
import { inFolder } from "#tests/cli/helpers.ts";
import { CASES } from "#tests/core/export/pytorch_cases.ts";
import {
  exportInto,
  lossesThere,
  pythonWithTorch,
  run,
  runTorch,
  torchrun,
} from "#tests/support/pytorch.ts";

const TOLERANCE = 1e-5;
const ENV = { OMP_NUM_THREADS: "1" };

/** Exports a training run of a few seconds, with frequent checkpoints, into a folder. */
async function folderWith(folder: string, name: string, epochs: number): Promise<void> {
  const { model, examples, options } = CASES[name];
  await Deno.mkdir(folder);
  await exportInto(folder, model, examples, { ...options, epochs });
  const script = await Deno.readTextFile(`${folder}/train.py`);
  await Deno.writeTextFile(
    `${folder}/train.py`,
    script.replace("SAVE_EVERY = 200", "SAVE_EVERY = 7"),
  );
}

/** Returns the maximum difference of two runs' losses; throws unless their steps are the same. */
async function distance(a: string, b: string): Promise<number> {
  const [one, two] = [await lossesThere(a), await lossesThere(b)];
  assertEquals([...two.keys()].sort(), [...one.keys()].sort());
  return Math.max(...Array.from(one, ([step, loss]) => Math.abs(loss - two.get(step)!)));
}

/** Returns the child processes of a process. */
async function childrenOf(pid: number): Promise<number[]> {
  const found = await run("pgrep", ["-P", String(pid)]);
  return found.trim().split("\n").map(Number);
}

/** Kills one of a run's two workers, and returns the distance from the undisturbed run. */
export async function killWorker(python: string, root: string, name: string): Promise<number> {
  const [calm, disturbed] = ["calm", "disturbed"].map((each) => `${root}/${each}`);
  await folderWith(calm, name, 40);
  await folderWith(disturbed, name, 40);
  await runTorch(python, [...torchrun(2), "train.py"], calm);
  const child = new Deno.Command(python, {
    args: [...torchrun(2), "--max-restarts", "1", "train.py"],
    cwd: disturbed,
    env: ENV,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  for (;;) { // until it is in the middle of the run
    await new Promise((done) => setTimeout(done, 20));
    const text = await Deno.readTextFile(`${disturbed}/losses.csv`).catch(() => "");
    if (text.split("\n").length > 200) break;
  }
  const workers = await childrenOf(child.pid);
  assertEquals(workers.length, 2);
  Deno.kill(workers[1], "SIGKILL");
  const { success, stderr } = await output;
  assert(success, new TextDecoder().decode(stderr));
  const rows = (await Deno.readTextFile(`${disturbed}/losses.csv`)).trim().split("\n");
  console.log(
    `  killed once: ${rows.length} steps for a run of ${(await lossesThere(calm)).size} steps`,
  );
  return await distance(calm, disturbed);
}

const HOSTS = [["unroll-a", "10.77.0.1"], ["unroll-b", "10.77.0.2"]];

/** Creates two hosts that are connected only to each other; returns a function to remove them. */
async function connectHosts(): Promise<() => Promise<void>> {
  const ip = (text: string) => run("ip", text.split(" "));
  const remove = async () => {
    for (const [host] of HOSTS) await ip(`netns delete ${host}`).catch(() => {});
  };
  await remove();
  for (const [host] of HOSTS) await ip(`netns add ${host}`);
  await ip("link add unroll0 netns unroll-a type veth peer name unroll0 netns unroll-b");
  for (const [host, address] of HOSTS) {
    await ip(`-n ${host} address add ${address}/24 dev unroll0`);
    await ip(`-n ${host} link set unroll0 up`);
    await ip(`-n ${host} link set lo up`);
  }
  return remove;
}

/** Trains on two hosts with separate folders, and returns the distance from a single process. */
export async function trainOnHosts(python: string, root: string, name: string): Promise<number> {
  const [alone, ...folders] = ["alone", "a", "b"].map((each) => `${root}/${each}`);
  for (const folder of [alone, ...folders]) await folderWith(folder, name, 10);
  await runTorch(python, ["train.py"], alone);
  const remove = await connectHosts();
  try {
    await Promise.all(HOSTS.map(([host, address], i) =>
      run("ip", [
        ...["netns", "exec", host, python, "-m", "torch.distributed.run", "--nnodes", "2"],
        ...["--nproc-per-node", "1", "--rdzv-backend", "c10d", "--rdzv-id", "unroll"],
        ...["--rdzv-endpoint", `${HOSTS[0][1]}:29400`, "--local-addr", address],
        // By default a host looks up the endpoint's address by its hostname, which both share here.
        ...["--rdzv-conf", `is_host=${i === 0}`, "train.py"],
      ], { cwd: folders[i], env: { ...ENV, GLOO_SOCKET_IFNAME: "unroll0" } })
    ));
  } finally {
    await remove();
  }
  const [first, second] = await Promise.all(
    folders.map((folder) => Deno.readFile(`${folder}/trained.safetensors`)),
  );
  assertEquals(first, second); // both hosts have the same model
  const logs = await Promise.all(folders.map(async (folder) => {
    const found = await Deno.stat(`${folder}/losses.csv`).catch(() => undefined);
    return found ? folder : undefined;
  }));
  return await distance(alone, logs.find((folder) => folder !== undefined)!);
}

if (import.meta.main) {
  const python = await pythonWithTorch();
  if (python === undefined) {
    console.error("error: found no Python with PyTorch");
    Deno.exit(2);
  }
  const names = ["a classifier of an LSTM's maxima", "a language model of one text"];
  for (const name of names) {
    for (const [title, measure] of Object.entries({ killWorker, trainOnHosts })) {
      await inFolder(async (root) => {
        const farthest = await measure(python, root, name);
        console.log(`${title}, ${name}: losses differ by at most ${farthest.toExponential(1)}`);
        assertLess(farthest, TOLERANCE);
      });
    }
  }
}
