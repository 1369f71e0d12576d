import path from "node:path";
import type { IsoHost } from "./inspect";
import type { RemasterPlan } from "./plan";
import { type Appending, appendingPatches, descriptorArea, sessionStart } from "./session";

/** Runs xorriso to write only the session; returns the patches that append it to a copy of the source. */
export async function writeSession(
  source: string,
  plan: Pick<RemasterPlan, "files" | "time">,
  host: IsoHost,
  signal: AbortSignal | undefined,
): Promise<Appending> {
  const start = sessionStart((await host.files.stat(source))?.bytes ?? 0);
  return host.files.withTemporaryDirectory(async (directory) => {
    const session = path.join(directory, "session");
    const writes = plan.files.map(({ content }, index) =>
      host.files.write(path.join(directory, String(index)), content),
    );
    await Promise.all(writes);
    const args = xorrisoArguments({ source, directory, session, start }, plan);
    await host.run("xorriso", args, signal === undefined ? {} : { signal });
    const descriptors = await host.files.readFrom(source, descriptorArea.offset, descriptorArea.length);
    return appendingPatches(await host.files.readFrom(session, 0), descriptors, start);
  });
}

/** The positions of a session's pieces. */
export interface SessionPlaces {
  readonly source: string;
  /** The plan's files, by their number. */
  readonly directory: string;
  /** xorriso's output. */
  readonly session: string;
  /** The start sector of the session. */
  readonly start: number;
}

/** xorriso's arguments for a session to append to a copy of the source; xorriso only reads the source. */
export function xorrisoArguments(
  { source, directory, session, start }: SessionPlaces,
  { files, time }: Pick<RemasterPlan, "files" | "time">,
): string[] {
  const paths = files.map((file) => `/${file.path}`);
  const directories = [...new Set(paths.flatMap(parentsOf))];
  const date = `=${time}`;
  return [
    // Without -no_rc xorriso would read the settings of the user and of the host, too.
    ...["-no_rc", "-report_about", "WARNING", "-stdio_sync", "off", "-indev", source, "-outdev", session],
    ...["-grow_blindly", String(start), "-boot_image", "any", "keep", "-overwrite", "on"],
    ...files.flatMap((file, index) => ["-map", path.join(directory, String(index)), `/${file.path}`]),
    ...files.flatMap((file) => ["-chmod", `0${file.mode.toString(8)}`, `/${file.path}`, "--"]),
    // xorriso's own order is that of the inodes, which differs from run to run.
    ...paths.flatMap((file, index) => ["-find", file, "-exec", "sort_weight", String(files.length - index), "--"]),
    ...["-chown", "0", ...paths, "--", "-chgrp", "0", ...paths, "--"],
    ...[
      "-alter_date",
      "b",
      date,
      ...paths,
      ...directories,
      "--",
      "-alter_date",
      "c",
      date,
      ...paths,
      ...directories,
      "--",
    ],
    // Never with -padding 0: GRUB on BIOS can't read a file in the last blocks of a medium.
    ...["-volume_date", "c", date, "-volume_date", "m", date, "-commit", "-end"],
  ];
}

function parentsOf(file: string): string[] {
  const parent = path.posix.dirname(file);
  return parent === "/" ? ["/"] : [parent, ...parentsOf(parent)];
}
