import path from "node:path";
import { openHost } from "../provider/engine/open-host";
import type { Files } from "../provider/host/files";
import type { Host } from "../provider/resource/host";

/** Where tests find libvirt: the embedded one that the runner has started, or the one that the user names. */
export interface Site {
  readonly connection: string;
  /** Put before a command's arguments, runs it in the network that the guests are in. */
  readonly enter: readonly string[];
  readonly host: Host;
}

export const root = path.resolve(__dirname, "..");

export function site(): Site {
  const connection = process.env["KVM_DEPLOY_CONNECTION"];
  if (connection === undefined)
    throw new Error("this test needs libvirt; run it by `npm test -- FILE`, which starts one");
  const enter = process.env["KVM_DEPLOY_TEST_ENTER"] ?? "";
  return { connection, enter: enter === "" ? [] : enter.split(" "), host: openHost(connection) };
}

/** The Debian installer ISO that guests are installed from: the one that the runner has built. */
export async function debianIso(files: Files): Promise<{ path: string; sha256: string }> {
  const iso = process.env["KVM_DEPLOY_TEST_ISO"];
  if (iso === undefined)
    throw new Error("this test installs Debian; run it by `npm test -- FILE`, which builds an installer");
  return { path: iso, sha256: await files.sha256(iso) };
}
