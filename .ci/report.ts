/**
 * Judges a run of tests by Deno's own report, not by its last line.
 *
 * @module
 */

/** What came of the tests of one or more runs. */
export interface Counts {
  passed: number;
  failed: number;
  ignored: number;
}

/**
 * The tests, and the steps within them, that a report counts.
 *
 * @param xml What `deno test --junit-path` writes when all is done.
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

/** The trouble with a run: a test that failed, none that passed, an end without a report. */
export function troubleIn(
  xml: string | undefined,
  { code, signal }: Pick<Deno.CommandStatus, "code" | "signal">,
): string | undefined {
  if (xml === undefined) return `ended with status ${code} and no report`;
  const { passed, failed } = readReport(xml);
  if (failed > 0) return `${failed} failed`;
  if (passed === 0) return "no test passed";
  // A test that fails, or a file that throws as it loads, makes the status 1. A signal comes from
  // a graphics driver that fails as the process ends, after the whole report was written.
  return code === 0 || signal !== null ? undefined : `ended with status ${code}`;
}
