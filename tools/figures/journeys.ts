import ts from "typescript";
import { type FunctionNode, isFunction, linesOf } from "./functions";
import { roomOf } from "./rooms";
import { total } from "./statistics";
import { nodesOf, symbolOf, type Tree } from "./tree";

/** Where a journey begins: a function of the provider, or the member of a constant. */
export interface Entry {
  readonly journey: string;
  /** Where it is looked for, wherever in there its file lies. */
  readonly below: string;
  readonly name: string;
  readonly member?: string;
}

export interface Journey {
  readonly functions: number;
  readonly lines: number;
  readonly files: readonly string[];
  readonly rooms: readonly string[];
  /** Members of interfaces that are called: their implementations are not followed. */
  readonly interfaces: number;
}

/** All that can be reached from an entry by names; undefined when the tree has no such function. */
export function journeyFrom(entry: Entry, tree: Tree): Journey | undefined {
  const start = entryIn(tree, entry);
  if (start === undefined) return undefined;
  const { functions, interfaces, code } = reachedFrom(start, tree);
  const files = unique([...code].flatMap((node) => tree.fileOf(node)?.path ?? []));
  return {
    functions: functions.size,
    lines: total([...functions].map(linesOf)),
    files,
    rooms: unique(files.flatMap((file) => roomOf(file) ?? [])),
    interfaces: interfaces.size,
  };
}

function entryIn(tree: Tree, { below, name, member }: Entry): ts.Node | undefined {
  const declared = tree.files
    .filter(({ path }) => path.startsWith(below))
    .flatMap(({ source }) => source.statements.flatMap(declarationsIn))
    .filter((declaration) => declaration.name?.getText() === name);
  return member === undefined ? declared[0] : declared.flatMap((each) => memberOf(each, member) ?? [])[0];
}

function declarationsIn(statement: ts.Statement): readonly (ts.FunctionDeclaration | ts.VariableDeclaration)[] {
  if (ts.isFunctionDeclaration(statement)) return [statement];
  return ts.isVariableStatement(statement) ? statement.declarationList.declarations : [];
}

/** The least deep property or method of this name. */
function memberOf(declaration: ts.Node, member: string): ts.Node | undefined {
  const depthOf = (node: ts.Node): number => (node === declaration ? 0 : depthOf(node.parent) + 1);
  return nodesOf(declaration)
    .filter((node) => ts.isObjectLiteralElementLike(node) && node.name?.getText() === member)
    .sort((one, other) => depthOf(one) - depthOf(other))[0];
}

interface Reached {
  /** Functions, tables and what else has been looked through. */
  readonly code: Set<ts.Node>;
  /** The outermost ones: what is written inside a function belongs to it. */
  readonly functions: Set<FunctionNode>;
  readonly interfaces: Set<ts.Declaration>;
}

function reachedFrom(start: ts.Node, tree: Tree): Reached {
  const reached: Reached = { code: new Set(), functions: new Set(), interfaces: new Set() };
  const isOfProvider = (node: ts.Node) => tree.fileOf(node)?.path.startsWith("provider/") === true;
  const visit = (code: ts.Node): void => {
    if (reached.code.has(code)) return;
    reached.code.add(code);
    for (const node of nodesOf(code, (each) => !ts.isTypeNode(each))) {
      if (isFunction(node)) reached.functions.add(outermost(node));
      if (ts.isIdentifier(node)) declarationsOf(node, tree.checker).filter(isOfProvider).forEach(follow(node));
    }
  };
  const follow = (name: ts.Identifier) => (declaration: ts.Declaration) => {
    const code = codeOf(declaration);
    if (code !== undefined) visit(code);
    else if (isMemberOfInterface(declaration) && isCalled(name)) reached.interfaces.add(declaration);
  };
  visit(start);
  return reached;
}

function declarationsOf(name: ts.Identifier, checker: ts.TypeChecker): readonly ts.Declaration[] {
  return symbolOf(name, checker)?.declarations ?? [];
}

/** What runs, or may run, where a declaration is named: a function, or the functions of a table. */
function codeOf(declaration: ts.Declaration): ts.Node | undefined {
  if (isFunction(declaration)) return outermost(declaration);
  if (ts.isClassDeclaration(declaration)) return declaration.members.find(ts.isConstructorDeclaration);
  if (ts.isShorthandPropertyAssignment(declaration)) return declaration;
  if (!ts.isVariableDeclaration(declaration) && !ts.isPropertyAssignment(declaration)) return undefined;
  const value = declaration.initializer && bare(declaration.initializer);
  if (value === undefined) return undefined;
  if (isFunction(value)) return outermost(value);
  const isTable = ts.isObjectLiteralExpression(value) || ts.isArrayLiteralExpression(value);
  return isTable && (ts.isPropertyAssignment(declaration) || isOfModule(declaration)) ? value : undefined;
}

function isOfModule(declaration: ts.VariableDeclaration): boolean {
  return ts.isSourceFile(declaration.parent.parent.parent);
}

/** Without `as`, `satisfies` and brackets around it. */
function bare(value: ts.Expression): ts.Expression {
  const isWrapped = ts.isAsExpression(value) || ts.isSatisfiesExpression(value) || ts.isParenthesizedExpression(value);
  return isWrapped ? bare(value.expression) : value;
}

function outermost(node: FunctionNode): FunctionNode {
  let found = node;
  for (let each: ts.Node = node; !ts.isSourceFile(each); each = each.parent) if (isFunction(each)) found = each;
  return found;
}

function isMemberOfInterface(declaration: ts.Declaration): boolean {
  return ts.isMethodSignature(declaration) || ts.isPropertySignature(declaration);
}

function isCalled({ parent }: ts.Identifier): boolean {
  return (
    ts.isPropertyAccessExpression(parent) && ts.isCallExpression(parent.parent) && parent.parent.expression === parent
  );
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
