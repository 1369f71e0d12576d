import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readConfiguration } from "../../provider/config/read";
import { parseYaml } from "../../provider/format/yaml/load";
import { messageOf } from "../../provider/values/errors";
import type { Block, Fault } from "./documents";

/**
 * Checks the blocks of a document that are configurations, each in a directory with the files that other blocks show.
 */
export function faultsOfYaml(blocks: readonly Block[]): Fault[] {
  const named = blocks.filter(({ name }) => name !== undefined && name !== "other");
  const isPart = (block: Block) =>
    named.includes(block) && blocks.some((other) => other !== block && uses(other, block));
  return blocks
    .filter(({ language }) => language === "yaml")
    .flatMap((block) => {
      if (block.name === "other" || isPart(block)) return parseFaults(block);
      const parts = named.filter((part) => part !== block);
      return loadFaults(block, parts);
    });
}

function uses({ text }: Block, { name = "" }: Block): boolean {
  return text.includes(name);
}

/** Configurations' own tags are errors there. */
function parseFaults(block: Block): Fault[] {
  try {
    parseYaml(block.text, block.file);
    return [];
  } catch (error) {
    return [{ block, message: messageOf(error) }];
  }
}

function loadFaults(block: Block, parts: readonly Block[]): Fault[] {
  const directory = mkdtempSync(path.join(tmpdir(), "kvm-deploy-docs-"));
  const file = path.join(directory, "lab.yaml");
  try {
    for (const { name = "", text } of parts)
      for (const place of [name, path.join("includes", name)]) write(path.join(directory, place), text);
    for (const [, name = ""] of block.text.matchAll(/!env (\w+)/g)) process.env[name] ??= "1";
    write(file, block.text);
    readConfiguration(file);
    return [];
  } catch (error) {
    return faultsIn(messageOf(error), block, file);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** The errors of a message. A line with "…" is for the reader to complete, so an error there is none of the block. */
function faultsIn(message: string, block: Block, configuration: string): Fault[] {
  const errors = [...message.matchAll(/^(\S+\.ya?ml):(\d+):\d+: (.+)$/gm)];
  if (errors.length === 0) return [{ block, message }];
  return errors.flatMap(([, file = "", number, text = ""]) => {
    const line = Number(number) - 1;
    if (readFileSync(file, "utf8").split("\n")[line]?.includes("…") === true) return [];
    return [{ block, message: text, ...(file === configuration && { line }) }];
  });
}
