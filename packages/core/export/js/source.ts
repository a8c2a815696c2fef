/**
 * Generation of JavaScript source from declarations: functions and constants of this package are
 * emitted unchanged, and only those that the exports depend on.
 *
 * @module
 */

import { InputError } from "../../errors.ts";
import { compact, COMPACT_START } from "./compact.ts";

/** Declarations by name: functions, regular expressions, sets, plain data and {@linkcode code}. */
export type Declarations = Record<string, unknown>;

/** A declaration's value as source code. */
export interface Code {
  /** The expression. */
  code: string;
}

/** Returns a declaration whose value is an expression that may use other declarations. */
export function code(text: string): Code {
  return { code: text };
}

function isCode(value: unknown): value is Code {
  return typeof value === "object" && value !== null && Object.keys(value).join() === "code";
}

/** Merges declarations; throws an error if a name is declared twice with different values. */
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
 * Returns the source of the exported declarations and their dependencies. Dependencies come first,
 * long data last.
 *
 * @param exported The names of the declarations that the module exports.
 * @param last The names of the declarations that are long data.
 * @throws {InputError} If this program was minified, which renames its functions.
 */
export function sourceOf(
  declarations: Declarations,
  exported: readonly string[],
  last: readonly string[],
): string {
  if (sourceOf.name !== "sourceOf") {
    throw new InputError(
      "a minified program cannot export models to JavaScript; run it without minification",
    );
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

/** Returns the identifiers in a source, without property names and comments. */
function namesIn(source: string): Iterable<string> {
  const plain = source.replace(/^\s*\/\/.*$| \/\/ .*$/gm, "").replaceAll("...", " ");
  return new Set(plain.match(/(?<![.\w$])[A-Za-z_$][\w$]*/g));
}

/** Returns the source of a declaration. */
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

/** Returns the source of a value. */
function literal(value: unknown): string {
  if (value instanceof RegExp || typeof value === "function") return String(value);
  if (value instanceof Set) return `new Set(${literal([...value].join(" "))}.split(" "))`;
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    return `{ ${entries.map(([name, each]) => `${nameOf(name)}: ${literal(each)}`).join(", ")} }`;
  }
  // Escaped so that the module can be put into an HTML script element.
  if (typeof value === "string") return JSON.stringify(value).replaceAll("</", "<\\/");
  return String(value);
}

/** Returns the source of a property's name, in brackets where `__proto__` would be special. */
function nameOf(name: string): string {
  return /^[a-z]\w*$/i.test(name) ? name : `[${literal(name)}]`;
}
