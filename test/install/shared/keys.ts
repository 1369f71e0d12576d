import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { scratchFolder } from "../../iso/host";

export interface KeyPair {
  readonly privateKey: string;
  /** The line of the .pub file. */
  readonly publicKey: string;
}

/** A key pair by the real ssh-keygen. @param args such as `-t rsa` */
export function makeKeyPair(...args: readonly string[]): KeyPair {
  const file = path.join(scratchFolder(), "key");
  const passphrase = args.includes("-N") ? [] : ["-N", ""];
  execFileSync("ssh-keygen", ["-q", "-C", "ann@example", "-f", file, ...passphrase, ...args]);
  return { privateKey: readFileSync(file, "utf8"), publicKey: readFileSync(`${file}.pub`, "utf8").trim() };
}
