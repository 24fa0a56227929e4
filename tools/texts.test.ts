import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { root } from "./run";

const files = readdirSync(join(root, "app"), { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
  .map((name) => join(root, "app", name));

const isDictionary = (path: string) => /[/-]texts\.ts$|\/app\/i18n\/(site|errors|api-errors)\.ts$/.test(path);

function readProgram(): ts.Program {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ compilerOptions: config.compilerOptions, files }, ts.sys, root);
  return ts.createProgram(files, options);
}

/** Every key of the dictionaries in a file: of the interface that both languages fill, else of the English words. */
function keysOf(source: ts.SourceFile): ts.NamedDeclaration[] {
  const keys: ts.NamedDeclaration[] = [];
  const walk = (node: ts.Node): void => {
    // The keys of a cast or checked object are those of a union of codes, which the compiler holds complete.
    if (
      ts.isFunctionLike(node) ||
      ts.isArrayLiteralExpression(node) ||
      ts.isAsExpression(node) ||
      ts.isSatisfiesExpression(node)
    )
      return;
    if (ts.isPropertySignature(node) || ts.isPropertyAssignment(node)) keys.push(node);
    ts.forEachChild(node, walk);
  };
  for (const statement of source.statements) {
    if (ts.isInterfaceDeclaration(statement)) walk(statement);
    if (!ts.isVariableStatement(statement)) continue;
    for (const { initializer } of statement.declarationList.declarations)
      if (initializer && ts.isCallExpression(initializer) && initializer.expression.getText() === "texts")
        if (!initializer.typeArguments && initializer.arguments[0]) walk(initializer.arguments[0]);
  }
  return keys;
}

/** The declarations of all properties that the pages read, by name or, where the name is computed, all of an object's. */
function readProperties(program: ts.Program): Set<ts.Node> {
  const checker = program.getTypeChecker();
  const read = new Set<ts.Node>();
  const note = (symbol: ts.Symbol | undefined) => {
    for (const declaration of symbol?.declarations ?? []) read.add(declaration);
  };
  const seen = new Set<ts.Type>();
  const noteDeep = (type: ts.Type): void => {
    if (!(type.flags & ts.TypeFlags.Object) || type.getCallSignatures().length > 0 || seen.has(type)) return;
    seen.add(type);
    for (const property of checker.getPropertiesOfType(type)) {
      const declared = property.declarations?.some((declaration) => isDictionary(declaration.getSourceFile().fileName));
      note(property);
      if (declared) noteDeep(checker.getTypeOfSymbol(property));
    }
  };
  const noteAll = (node: ts.Node) => noteDeep(checker.getTypeAtLocation(node));
  const walk = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) {
      note(checker.getSymbolAtLocation(node.name));
      // An object that is handed on as a whole is read by code that need not know the dictionary.
      const { parent } = node;
      const goesOn =
        ts.isPropertyAccessExpression(parent) || (ts.isCallExpression(parent) && parent.expression === node);
      if (!goesOn) noteAll(node);
    } else if (ts.isElementAccessExpression(node)) noteAll(node.expression);
    else if (ts.isObjectBindingPattern(node)) {
      const type = checker.getTypeAtLocation(node);
      for (const { name, propertyName } of node.elements) note(type.getProperty((propertyName ?? name).getText()));
    } else if (ts.isSpreadAssignment(node) || ts.isJsxSpreadAttribute(node)) noteAll(node.expression);
    else if (ts.isCallExpression(node) && /^Object\./.test(node.expression.getText())) node.arguments.forEach(noteAll);
    ts.forEachChild(node, walk);
  };
  for (const path of files) {
    const source = program.getSourceFile(path);
    if (source) walk(source);
  }
  return read;
}

test("every text is shown somewhere: a key that no page reads is deleted in both languages", () => {
  const program = readProgram();
  const read = readProperties(program);
  const unused = files.filter(isDictionary).flatMap((path) => {
    const source = program.getSourceFile(path);
    return (source ? keysOf(source) : [])
      .filter((key) => !read.has(key))
      .map((key) => `${relative(root, path)}: ${key.name?.getText()}`);
  });
  expect(unused).toEqual([]);
});
