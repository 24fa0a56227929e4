import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { makeTestFolder, removeTestFolder } from "~server/test/folders";

const root = join(import.meta.dirname, "../..");

/** What programs are compiled with: as strict as they can be, declarations of packages included. */
const strictest: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts", "lib.esnext.disposable.d.ts"],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitReturns: true,
  skipLibCheck: false,
  // The compiler's own are not ours to check.
  skipDefaultLibCheck: true,
  types: [],
  noEmit: true,
};

export const resolutions = {
  NodeNext: { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  Bundler: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
} satisfies Record<string, ts.CompilerOptions>;

/** The project of another program: a folder outside of ours, with copies of the declarations of a few packages. */
export function makeForeignProject(packages: string[]) {
  const folder = makeTestFolder();
  for (const name of packages)
    cpSync(join(root, "node_modules", name), join(folder, "node_modules", name), {
      recursive: true,
      filter: (path) =>
        !/\.(map|js|mjs|cjs)$/.test(path) && !/node_modules\/.*\/node_modules/.test(path.slice(root.length)),
    });
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  return {
    write,
    /** What the compiler finds wrong with the files, and with the declarations that they import. */
    compile(files: string[], options: ts.CompilerOptions): { file: string; message: string }[] {
      const settings = { ...strictest, ...options };
      const paths = files.map((file) => join(folder, file));
      const program = ts.createProgram(paths, settings, withKeptLibraries(ts.createCompilerHost(settings)));
      const checked = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(folder));
      const found = checked.flatMap((file) => [
        ...program.getSyntacticDiagnostics(file),
        ...program.getSemanticDiagnostics(file),
      ]);
      return [...program.getGlobalDiagnostics(), ...program.getOptionsDiagnostics(), ...found].map((diagnostic) => ({
        file: diagnostic.file?.fileName.slice(folder.length + 1) ?? "",
        message: ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"),
      }));
    },
    remove: () => removeTestFolder(folder),
  };
}

const libraries = new Map<string, ts.SourceFile | undefined>();

/** The compiler's own declarations, which are large, are parsed once for all programs. */
function withKeptLibraries(host: ts.CompilerHost): ts.CompilerHost {
  const library = dirname(ts.getDefaultLibFilePath({}));
  return {
    ...host,
    getSourceFile(name, language, ...rest) {
      if (!name.startsWith(library)) return host.getSourceFile(name, language, ...rest);
      const key = `${name} ${JSON.stringify(language)}`;
      if (!libraries.has(key)) libraries.set(key, host.getSourceFile(name, language, ...rest));
      return libraries.get(key);
    },
  };
}
