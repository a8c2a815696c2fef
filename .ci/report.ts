/**
 * Decides whether a test run passed by Deno's JUnit report, not by its last line of output.
 *
 * @module
 */

/** The test counts of one or more runs. */
export interface Counts {
  passed: number;
  failed: number;
  ignored: number;
}

/**
 * Returns the counts of a report. Each test counts, and each step.
 *
 * @param xml The report that `deno test --junit-path` writes at the end of a run.
 */
export function readReport(xml: string): Counts {
  const root = /<testsuites\b[^>]*>/.exec(xml)?.[0];
  if (root === undefined || !xml.includes("</testsuites>")) throw new Error("no whole report");
  const count = (element: string, name: string) => {
    const value = new RegExp(`\\s${name}="(\\d+)"`).exec(element)?.[1];
    if (value === undefined) throw new Error(`no "${name}" in ${element}`);
    return Number(value);
  };
  const suites = xml.match(/<testsuite\b[^>]*>/g) ?? [];
  const failed = count(root, "failures") + count(root, "errors");
  const ignored = suites.reduce((sum, suite) => sum + count(suite, "disabled"), 0);
  return { passed: count(root, "tests") - failed - ignored, failed, ignored };
}

/**
 * Returns why a run failed: a failed test, no passed test, no report, or its exit status. Returns
 * undefined if it passed.
 */
export function troubleIn(
  xml: string | undefined,
  { code, signal }: Pick<Deno.CommandStatus, "code" | "signal">,
): string | undefined {
  if (xml === undefined) return `ended with status ${code} and no report`;
  const { passed, failed } = readReport(xml);
  if (failed > 0) return `${failed} failed`;
  if (passed === 0) return "no test passed";
  // A failed test, or a file that throws while it loads, makes the status 1. A signal comes from a
  // graphics driver that crashes while the process exits, after the report was written.
  return code === 0 || signal !== null ? undefined : `ended with status ${code}`;
}
