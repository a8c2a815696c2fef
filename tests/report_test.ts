import { assertEquals, assertThrows } from "@std/assert";
import { readReport, troubleIn } from "../.ci/report.ts";
import { inFolder } from "#tests/cli/helpers.ts";

function reportOf(tests: number, failures: number, ignored = 0): string {
  return `<testsuites name="deno test" tests="${tests}" failures="${failures}" errors="0">
    <testsuite name="./ok | 9 passed | 0 failed" tests="${tests}" disabled="${ignored}" errors="0"
      failures="${failures}"></testsuite></testsuites>`;
}

const ENDED = { code: 0, signal: null };

Deno.test("a run passes by its report, with steps and ignored tests or without", () => {
  assertEquals(readReport(reportOf(9, 0, 2)), { passed: 7, failed: 0, ignored: 2 });
  assertEquals(troubleIn(reportOf(9, 0, 2), ENDED), undefined);
});

Deno.test("a run fails by a failed test, no test, no report, or its status", () => {
  assertEquals(troubleIn(reportOf(9, 1), ENDED), "1 failed");
  assertEquals(troubleIn(reportOf(0, 0), ENDED), "no test passed");
  assertEquals(troubleIn(reportOf(2, 0, 2), ENDED), "no test passed");
  assertEquals(troubleIn(reportOf(9, 0), { code: 1, signal: null }), "ended with status 1");
  assertEquals(troubleIn(undefined, ENDED), "ended with status 0 and no report");
  assertThrows(
    () => troubleIn(reportOf(9, 0).replace("</testsuites>", ""), ENDED),
    Error,
    "no whole report",
  );
});

Deno.test("a driver may end the process after the report, but hides no failed test", () => {
  const killed = { code: 139, signal: "SIGSEGV" } as const;
  assertEquals(troubleIn(reportOf(9, 0), killed), undefined);
  assertEquals(troubleIn(reportOf(9, 1), killed), "1 failed");
});

Deno.test("Deno's reports are read: steps count, what is ignored does not, a failure fails", async () => {
  await inFolder(async (folder) => {
    const run = async (name: string, program: string) => {
      await Deno.writeTextFile(`${folder}/${name}_test.ts`, program);
      const { code } = await new Deno.Command(Deno.execPath(), {
        args: [
          "test",
          "--no-check",
          "--no-lock",
          `--junit-path=${folder}/${name}.xml`,
          `${name}_test.ts`,
        ],
        cwd: folder,
        stdout: "null",
        stderr: "null",
      }).output();
      return { code, xml: await Deno.readTextFile(`${folder}/${name}.xml`) };
    };
    const good = await run(
      "good",
      `Deno.test("a <b>", (t) => t.step("0 failed", () => {}));
       Deno.test.ignore("c", () => {});`,
    );
    assertEquals(readReport(good.xml), { passed: 2, failed: 0, ignored: 1 });
    assertEquals(troubleIn(good.xml, { code: good.code, signal: null }), undefined);
    const bad = await run(
      "bad",
      `Deno.test("ok | 1 passed | 0 failed", () => {});
       Deno.test("a", () => { throw new Error(); });`,
    );
    assertEquals(troubleIn(bad.xml, { code: bad.code, signal: null }), "1 failed");
    const thrown = await run("thrown", `Deno.test("a", () => {}); throw new Error();`);
    assertEquals(troubleIn(thrown.xml, { code: thrown.code, signal: null }), "no test passed");
  });
});
