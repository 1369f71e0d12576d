import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./run";

export interface ArchiveKey {
  /** The public key as a binary keyring. */
  readonly keyring: Buffer;
  /** Signs a file in place of Debian: inline, and detached. */
  sign(path: string): Promise<{ inline: Buffer; detached: Buffer }>;
}

/** Runs work with a new key that nobody has afterwards: what trusts it trusts this one mirror and nothing later. */
export async function withArchiveKey<Result>(work: (key: ArchiveKey) => Promise<Result>): Promise<Result> {
  // Not below the cache: the agent's socket needs a short path.
  const home = await mkdtemp(join(tmpdir(), "kvm-deploy-key-"));
  const gpg = (...args: string[]): Promise<Buffer> => run("gpg", ["--homedir", home, "--batch", "--quiet", ...args]);
  try {
    const user = "kvm-deploy local archive <archive@kvm-deploy.invalid>";
    await gpg("--passphrase", "", "--quick-gen-key", user, "ed25519", "sign", "never");
    return await work({
      keyring: await gpg("--export"),
      sign: async (path) => ({
        inline: await gpg("--clearsign", "--output", "-", path),
        detached: await gpg("--armor", "--detach-sign", "--output", "-", path),
      }),
    });
  } finally {
    await run("gpgconf", ["--homedir", home, "--kill", "gpg-agent"]).catch(() => undefined);
    await rm(home, { recursive: true, force: true });
  }
}
