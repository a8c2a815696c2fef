/**
 * What each package may depend on, as a rule over the syntax tree of its sources.
 *
 * @module
 */

/** What a rule says against a source, one line each. */
export function violations(path: string, source: string): string[] {
  const found = Deno.lint.runPlugin(plugin(path), path, source).map(({ message }) => message);
  const unchecked = /@ts-(ignore|nocheck|expect-error)|<reference\s/.exec(source);
  return unchecked ? [...found, `${unchecked[0]} takes a file out of the rules`] : found;
}

/** Beside their own files; `web` is bundled, never published, and takes data from anywhere. */
const MAY_IMPORT: Record<string, RegExp> = {
  core: /^(?!)/,
  "backend-cpu": /^@unroll\/core(\/device)?$/,
  "backend-blas": /^@unroll\/(core\/device|backend-cpu\/kernels)$/,
  "backend-gpujs": /^@unroll\/core(\/device)?$/,
  cli:
    /^(@unroll\/(core(\/(export|import))?|backend-cpu|backend-blas|backend-gpujs)|@std\/cli\/parse-args)$/,
  web: /^@unroll\/(core\/(texts|inspect)|backend-cpu|backend-gpujs)$/,
};

/** What is loaded when it is asked for has all of core; the first page, which has not, stays small. */
const LATER = {
  folders: /^packages\/web\/(numbers|tools)\//,
  mayImport: /^@unroll\/(core|backend-cpu)$/,
};

/** The one place whose import is computed: gpu.js comes from npm for those alone who ask. */
const MAY_COMPUTE = "packages/backend-gpujs/modes.ts";

/** What would reach a platform past the type check. */
const ESCAPES = new Set(["globalThis", "eval", "Function"]);

function plugin(path: string): Deno.lint.Plugin {
  const [, name] = /^packages\/([^/]+)\//.exec(path)!;
  return { name: "architecture", rules: { dependencies: { create: rule } } };

  function rule(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
    const report = (node: Deno.lint.Node, message: string) => context.report({ node, message });
    const imported = (node: Deno.lint.Node, source: Deno.lint.Node | null | undefined) => {
      if (!source) return;
      if (source.type !== "Literal" || typeof source.value !== "string") {
        if (path !== MAY_COMPUTE) report(node, "an import that is computed");
      } else if (!mayImport(path, name, source.value)) report(node, `imports "${source.value}"`);
    };
    const ambient = (node: Deno.lint.Node & { declare?: boolean }) => {
      if (name === "core" && node.declare) report(node, "declares what another place defines");
    };
    return {
      ImportDeclaration: (node) => imported(node, node.source),
      ExportAllDeclaration: (node) => imported(node, node.source),
      ExportNamedDeclaration: (node) => imported(node, node.source),
      ImportExpression: (node) => imported(node, node.source),
      TSImportType: ({ argument }) =>
        imported(argument, argument.type === "TSLiteralType" ? argument.literal : argument),
      TSImportEqualsDeclaration: (node) => report(node, "imports with require()"),
      CallExpression(node) {
        const { callee } = node;
        if (callee.type === "Identifier" && callee.name === "require") {
          report(node, "imports with require()");
        }
      },
      Identifier(node) {
        if (name === "core" && ESCAPES.has(node.name)) report(node, `uses ${node.name}`);
      },
      VariableDeclaration: ambient,
      FunctionDeclaration: ambient,
      ClassDeclaration: ambient,
      TSModuleDeclaration: ambient,
    };
  }
}

function mayImport(path: string, name: string, specifier: string): boolean {
  const isLater = LATER.folders.test(path);
  if (!/^\.\.?\//.test(specifier)) {
    return (isLater ? LATER.mayImport : MAY_IMPORT[name]).test(specifier);
  }
  const { pathname } = new URL(specifier, `file:///${path}`);
  if (!isLater && LATER.folders.test(pathname.slice(1))) return false;
  return name === "web" || pathname.startsWith(`/packages/${name}/`);
}
