/**
 * JavaScript as text, of declarations: functions and constants of this package are written out as they
 * stand, and of them only what is asked for.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { compact, COMPACT_START } from "./compact.ts";

/** Declarations by name: functions, patterns, sets and plain data, and {@linkcode code}. */
export type Declarations = Record<string, unknown>;

/** A declaration's value as text. */
export interface Code {
  /** An expression. */
  code: string;
}

/** A declaration whose value is an expression of other declarations. */
export function code(text: string): Code {
  return { code: text };
}

function isCode(value: unknown): value is Code {
  return typeof value === "object" && value !== null && Object.keys(value).join() === "code";
}

/** Some declarations together; a name that two of them have must mean the same in both. */
export function together(...some: Declarations[]): Declarations {
  const all: Declarations = {};
  for (const declarations of some) {
    for (const [name, value] of Object.entries(declarations)) {
      if (name in all && declaration(name, all[name]) !== declaration(name, value)) {
        throw new Error(`two declarations have the name ${name}`);
      }
      all[name] = value;
    }
  }
  return all;
}

/**
 * The declarations that some need, as source: what one needs before it, and data at the end.
 *
 * @param exported Those to begin from, which the module exports.
 * @param last Those that are long data.
 * @throws {InputError} Where this program was minified, as its functions have other names then.
 */
export function sourceOf(
  declarations: Declarations,
  exported: readonly string[],
  last: readonly string[],
): string {
  if (sourceOf.name !== "sourceOf") {
    throw new InputError("models cannot be exported to JavaScript by a program that is minified");
  }
  const parts: string[] = [], ends: string[] = [], seen = new Set<string>();
  const visit = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    const text = declaration(name, declarations[name]);
    const isLast = last.includes(name);
    if (!isLast) {
      for (const other of namesIn(text)) if (Object.hasOwn(declarations, other)) visit(other);
    }
    const short = isLast ? text : compact(text);
    (isLast ? ends : parts).push(exported.includes(name) ? `export ${short}` : short);
  };
  exported.forEach(visit);
  return [COMPACT_START, ...parts, ...ends].join("\n");
}

/** The names in a source that are no property's and in no comment. */
function namesIn(source: string): Iterable<string> {
  const plain = source.replace(/^\s*\/\/.*$| \/\/ .*$/gm, "").replaceAll("...", " ");
  return new Set(plain.match(/(?<![.\w$])[A-Za-z_$][\w$]*/g));
}

/** A declaration as source. */
function declaration(name: string, value: unknown): string {
  if (value === undefined) return `let ${name};`;
  if (isCode(value)) return `const ${name} = ${value.code};`;
  if (typeof value !== "function") return `const ${name} = ${literal(value)};`;
  const text = String(value);
  if (text.startsWith("class ")) return text;
  const header = /^function(\*?) ([\w$]+)/.exec(text);
  if (!header) return `const ${name} = ${text};`;
  return `function${header[1]} ${name}${text.slice(header[0].length)}`;
}

/** A value as source. */
function literal(value: unknown): string {
  if (value instanceof RegExp || typeof value === "function") return String(value);
  if (value instanceof Set) return `new Set(${literal([...value].join(" "))}.split(" "))`;
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    return `{ ${entries.map(([name, each]) => `${nameOf(name)}: ${literal(each)}`).join(", ")} }`;
  }
  // So that a page can have it between tags.
  if (typeof value === "string") return JSON.stringify(value).replaceAll("</", "<\\/");
  return String(value);
}

/** A property's name: in brackets, so that `__proto__` is one as any other. */
function nameOf(name: string): string {
  return /^[a-z]\w*$/i.test(name) ? name : `[${literal(name)}]`;
}
