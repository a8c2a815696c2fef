import { assertEquals, assertStringIncludes } from "@std/assert";
import { compact, COMPACT_START } from "../../../packages/core/export/js/compact.ts";

Deno.test("compact() removes only whitespace and comments", () => {
  const cases: [source: string, expected: string][] = [
    ["const a = b + +c - -d;", "let a=b+ +c- -d;"],
    ['if (a) return /[/"]\\/ x/.test(b) / 2 / c;', 'if(a)return/[/"]\\/ x/.test(b)/2/c;'],
    ["for(;;) ; } /* no */ ", "for(;;);}"],
    ["while (a(b)) { c(); d(); }", "while(a(b)){c();d()}"],
    ["x = `a  ${ { b: `  ${ 1 + 2 } ` }.b } //`; // end", "x=`a  ${{b:`  ${1+2} `}.b} //`;"],
    ["typeof a in b; 'it\\'s  //'", "typeof a in b;'it\\'s  //'"],
    ["a.const = b.Infinity + Infinity;", "a.const=b.Infinity+1/0;"],
    ["const { a, ...b } = c ?? d?.e;", "let{a,...b}=c??d?.e;"],
    ["x = `\\`\\${ a  ${ b }`;", "x=`\\`\\${ a  ${b}`;"],
  ];
  for (const [source, expected] of cases) assertEquals(compact(source), expected);
});

Deno.test("a function compacted by compact() behaves as before", () => {
  function sums(text: string) {
    const all: number[] = [], pattern = /(\d+)[^\d"/]*/g;
    for (const [, digits] of text.matchAll(pattern)) {
      if (digits === "0") continue;
      all.push(Number(digits) / 2 / 1);
    }
    for (let i = 0; i < 3; all[i] = i - -all[i], i++);
    return `${all.map((each) => `<${each + 1}>`).join(" ")} ${Float64Array.of(1).length}`;
  }
  const short = compact(String(sums));
  assertStringIncludes(COMPACT_START, "Float64Array");
  const made = new Function(`${COMPACT_START}return ${short}`)();
  assertEquals(made("10, 0, 4 / 8"), sums("10, 0, 4 / 8"));
});
