import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { scratchFolder } from "../../iso/host";

/** A pair in PEM, as Salt, Puppet and Chef have it. */
export function makeRsaPair(): { privateKey: string; publicKey: string } {
  return generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
}

/** A certificate of the key by the key itself. */
export function makeCertificate(privateKey: string, name: string): string {
  const file = path.join(scratchFolder(), "key");
  writeFileSync(file, privateKey, { mode: 0o600 });
  const request = ["req", "-x509", "-new", "-key", file, "-subj", `/CN=${name}`, "-days", "1"];
  return execFileSync("openssl", request, { encoding: "utf8" });
}
