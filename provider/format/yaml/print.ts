import { stringify } from "yaml";

/** A value as a YAML file for people. @param comment lines before it */
export function printYaml(value: unknown, comment: readonly string[] = []): string {
  const head = comment.map((line) => `# ${line}\n`).join("");
  return `${head}${stringify(value, { lineWidth: 0 })}`;
}
