import { isOf2014File, type Migration, migrated } from "../../config/kvm-deploy-2014/migrate";
import { writeNewDirectory } from "../../host/new-directory";
import { programDirectorySync, readTextSync, yamlFilesIn } from "../../host/program-files";
import { KvmError } from "../../values/errors";
import { type ExitCode, exitCodes, type Request, type World, wordsOf } from "../command";

export function run(request: Request, { terminal }: World): Promise<ExitCode> {
  const [old = ""] = wordsOf(request, "OLD");
  const [directory = ""] = wordsOf(request, "NEW");
  const files = filesOf(old);
  const migrations = files.map((file) => migrated(file, readTextSync, programDirectorySync));
  const texts = Object.assign({}, ...migrations.map((migration) => migration.files)) as Migration["files"];
  writeNewDirectory(directory, texts);
  const all = (list: "lost" | "notes") => [...new Set(migrations.flatMap((migration) => migration[list]))];
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
  const lines = [
    ...Object.keys(texts).map((name) => `written: ${directory}/${name}`),
    ...section("Not carried over:", all("lost")),
    ...section("Different from 2014:", all("notes")),
  ];
  for (const line of lines) terminal.print(line);
  return Promise.resolve(all("lost").length === 0 ? exitCodes.fine : exitCodes.found);
}

/** A configuration, or all in a directory such as /etc/kvm-deploy. */
function filesOf(old: string): readonly string[] {
  const inside = yamlFilesIn(old);
  const files = (inside ?? [old]).filter((file) => isOf2014File(file, readTextSync));
  if (files.length > 0) return files;
  throw new KvmError(
    "not-found",
    inside === undefined
      ? `${old} is no configuration of kvm-deploy 2014`
      : `no file in ${old} is a configuration of kvm-deploy 2014`,
    {
      remedy: "Give a configuration, such as /etc/kvm-deploy/web.yaml, or the directory that has it",
    },
  );
}
