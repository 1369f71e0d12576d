import path from "node:path";
import ts from "typescript";
import { root } from "../site";
import type { Block, Fault } from "./documents";

const imports = {
  kvm: 'import * as kvm from "kvm-deploy";',
  pulumi: 'import * as pulumi from "@pulumi/pulumi";',
};

/** Checks the types of all blocks in one program, against the package as its users have it. */
export function faultsOfTypeScript(blocks: readonly Block[]): Fault[] {
  const byFile = new Map(blocks.map((block, index) => [path.join(root, "test/docs", `block-${index}.ts`), block]));
  const options: ts.CompilerOptions = { ...projectOptions(), noUnusedLocals: false, noUnusedParameters: false };
  const disk = ts.createCompilerHost(options);
  const textOf = (file: string) => {
    const block = byFile.get(file);
    return block === undefined ? undefined : completed(block.text);
  };
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => byFile.has(file) || disk.fileExists(file),
    readFile: (file) => textOf(file) ?? disk.readFile(file),
    getSourceFile: (file, version, ...rest) => {
      const text = textOf(file);
      return text === undefined ? disk.getSourceFile(file, version, ...rest) : ts.createSourceFile(file, text, version);
    },
  };
  const program = ts.createProgram({ rootNames: [...byFile.keys()], options, host });
  return [...byFile].flatMap(([file, block]) => faultsIn(program, file, block));
}

function projectOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(path.join(root, "tsconfig.json"), (file) => ts.sys.readFile(file)) as {
    readonly config: { readonly compilerOptions: object };
  };
  return ts.convertCompilerOptionsFromJson(config.compilerOptions, root).options;
}

/** The block with the imports that it leaves out, in its first line. */
function completed(text: string): string {
  const missing = Object.entries(imports).filter(
    ([name]) => !new RegExp(String.raw`^import .*\b${name}\b`, "m").test(text),
  );
  return `${missing.map(([, line]) => line).join(" ")} ${text}`;
}

function faultsIn(program: ts.Program, file: string, block: Block): Fault[] {
  const source = program.getSourceFile(file);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((found) => ({
    block,
    line: source?.getLineAndCharacterOfPosition(found.start ?? 0).line ?? 0,
    message: ts.flattenDiagnosticMessageText(found.messageText, " "),
  }));
}
