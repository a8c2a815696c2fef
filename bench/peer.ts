/**
 * A program in its own process: it starts once and describes itself in a line of JSON. Then, for
 * each line with a number of steps that it reads, it runs them and prints a line of JSON.
 *
 * @module
 */
import type { Program, Turn } from "./turns.ts";

/** Returns the path of a program in `peers/`. */
export function peerPath(file: string): string {
  return new URL(`./peers/${file}`, import.meta.url).pathname;
}

/** Returns the command for a TypeScript program in `peers/`. */
export function denoCommand(file: string, ...args: string[]): string[] {
  const permissions = ["read", "env", "ffi", "sys"].map((each) => `--allow-${each}`);
  return [
    ...["deno", "run", "--no-lock", "--no-prompt", "--cached-only", ...permissions],
    ...[peerPath(file), ...args],
  ];
}

/** Starts a command; returns an error message if it does not start. */
export async function startPeer([file, ...args]: readonly string[]): Promise<Program | string> {
  let child: Deno.ChildProcess;
  try {
    const pipes = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
    child = new Deno.Command(file, { args, ...pipes }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return `there is no ${file}`;
    throw error;
  }
  const trouble = new Response(child.stderr).text();
  const lines = linesOf(child.stdout).getReader();
  const input = child.stdin.getWriter();
  const next = async () => {
    const { value } = await lines.read();
    return value === undefined ? undefined : JSON.parse(value);
  };
  const fail = async () => {
    await child.status;
    const line = (await trouble).trim().split("\n").findLast((line) => /error:/i.test(line));
    return line?.replace("error: Uncaught (in promise) ", "") ?? "it printed no error";
  };
  const hello: { program: string; about?: string } | undefined = await next();
  if (!hello) return await fail();
  return {
    name: hello.program,
    about: hello.about,
    async run(steps: number): Promise<Turn> {
      await input.write(new TextEncoder().encode(`${steps}\n`));
      const turn: Turn | undefined = await next();
      if (!turn) throw new Error(`${hello.program} ended: ${await fail()}`);
      return turn;
    },
    async close() {
      await input.close(); // it ends at the end of its input
      await lines.cancel();
      await child.status;
    },
  };
}

/** Splits bytes into lines. */
export function linesOf(bytes: ReadableStream<Uint8Array<ArrayBuffer>>): ReadableStream<string> {
  let rest = "";
  const split = new TransformStream<string, string>({
    transform(chunk, controller) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      for (const line of lines) controller.enqueue(line);
    },
  });
  return bytes.pipeThrough(new TextDecoderStream()).pipeThrough(split);
}
