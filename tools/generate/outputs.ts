import { readFileSync } from "node:fs";
import ts from "typescript";

/** A property that the provider computes. */
export interface Output {
  readonly name: string;
  readonly type: string;
  readonly isOptional: boolean;
  readonly description: string;
}

/** The properties of an interface, with their comments. */
export function outputsOf(file: string, interfaceName: string): Output[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const found = source.statements.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === interfaceName);
  if (found === undefined || !ts.isInterfaceDeclaration(found))
    throw new Error(`${file} has no interface ${interfaceName}`);
  return found.members.filter((member) => ts.isPropertySignature(member)).map((member) => outputOf(member, source));
}

function outputOf(member: ts.PropertySignature, source: ts.SourceFile): Output {
  return {
    name: member.name.getText(source),
    type: (member.type?.getText(source) ?? "unknown").replace(/readonly | \| undefined/g, ""),
    isOptional: member.questionToken !== undefined,
    description: ts
      .getJSDocCommentsAndTags(member)
      .map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? "")
      .join(" "),
  };
}
