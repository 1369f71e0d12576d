/** Beginnings of lines of Agama's journal, and what they are to the user. */
const stages = [
  { line: /\bInstallation started\b/, stage: "partitioning" },
  { line: /\bInstalling package \S/, stage: "packages" },
  { line: /\bscripts to run in group post\b/, stage: "finishing" },
] as const;

/** `2026-… agama-web-server[1234]: Installing package vim` */
export function stageOfLine(line: string): string | undefined {
  if (!/\bagama[\w-]*\[\d+\]: /.test(line)) return undefined;
  return stages.find((candidate) => candidate.line.test(line))?.stage;
}
