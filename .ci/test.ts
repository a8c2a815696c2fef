/**
 * Runs `deno test` and decides by its report, which stays in the folder REPORTS.
 *
 * ```sh
 * deno run --allow-read --allow-write --allow-run .ci/test.ts REPORTS NAME [ARGUMENTS]
 * deno run --allow-read .ci/test.ts REPORTS   # the totals of all runs
 * ```
 *
 * @module
 */
import { type Counts, readReport, troubleIn } from "./report.ts";

const [folder, name, ...args] = Deno.args;
if (name === undefined) {
  const sum: Counts = { passed: 0, failed: 0, ignored: 0 };
  for await (const { name } of Deno.readDir(folder)) {
    const counts = readReport(await Deno.readTextFile(`${folder}/${name}`));
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.ignored += counts.ignored;
  }
  console.log(`${sum.passed} passed, ${sum.failed} failed`);
  if (sum.failed > 0 || sum.passed === 0) Deno.exit(1);
} else {
  const path = `${folder}/${name}.xml`;
  const status = await new Deno.Command(Deno.execPath(), {
    args: ["test", `--junit-path=${path}`, ...args],
  }).spawn().status;
  const xml = await Deno.readTextFile(path).catch(() => undefined);
  const trouble = troubleIn(xml, status);
  if (trouble !== undefined) {
    console.error(`${name}: ${trouble}`);
    Deno.exit(1);
  }
  const { passed, ignored } = readReport(xml!);
  const ended = status.signal === null ? "" : `; then the process was ended by ${status.signal}`;
  console.log(`${name}: ${passed} passed, ${ignored} ignored${ended}`);
}
