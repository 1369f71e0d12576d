import { readFileSync } from "node:fs";
import ts from "typescript";

/** The documentation of a resource's class. */
export interface SdkClass {
  /** Its comment. */
  readonly summary: string;
  readonly properties: readonly Property[];
}

export interface Property {
  readonly name: string;
  readonly type: string;
  readonly description: string;
}

export function readClass(file: string, name: string): SdkClass {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const found = source.statements.filter(ts.isClassDeclaration).find((node) => node.name?.text === name);
  if (found === undefined) throw new Error(`${file} has no class ${name}`);
  return { summary: commentOf(found), properties: found.members.filter(ts.isPropertyDeclaration).map(propertyOf) };
}

function propertyOf(member: ts.PropertyDeclaration): Property {
  const [, type = "unknown"] = /^pulumi\.Output<(.*)>$/.exec(member.type?.getText() ?? "") ?? [];
  return { name: member.name.getText(), type, description: commentOf(member) };
}

function commentOf(node: ts.Node): string {
  const texts = ts.getJSDocCommentsAndTags(node).map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? "");
  return texts.join(" ").replace(/\s+/g, " ");
}
