import { run } from "../debian-media/run";

/** The time that all files of a package get: SOURCE_DATE_EPOCH, else that of the last commit. */
export async function sourceEpoch(root: string): Promise<string> {
  const given = process.env["SOURCE_DATE_EPOCH"];
  if (given !== undefined) return given;
  return (await run("git", ["log", "-1", "--format=%ct"], { cwd: root })).toString().trim();
}
