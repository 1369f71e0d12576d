import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { z } from "zod";
import { onlyLineFeeds } from "./text";

/** The message never repeats the value. */
const notPrivate =
  "is not a private RSA key in PEM without a passphrase; make one with `openssl genrsa -out FILE 4096` and give the content of FILE";

export const rsaPrivateKey = z
  .string()
  .refine((text) => typeOf(() => createPrivateKey(text)) === "rsa", { error: notPrivate })
  .transform(onlyLineFeeds);

export const rsaPublicKey = z
  .string()
  .refine((text) => !text.includes("PRIVATE KEY"), {
    error: "is a private key; give the public one, as `openssl rsa -pubout -in FILE` prints it",
    abort: true,
  })
  .refine((text) => typeOf(() => createPublicKey(text)) === "rsa", {
    error: "is not a public RSA key in PEM; `openssl rsa -pubout -in FILE` prints that of a private key",
  })
  .transform(onlyLineFeeds);

export const certificate = z
  .string()
  .refine((text) => !text.includes("PRIVATE KEY"), {
    error: "has a private key in it, too; give the certificate alone",
    abort: true,
  })
  .regex(/^-----BEGIN CERTIFICATE-----\r?\n[A-Za-z0-9+/=\r\n]+-----END CERTIFICATE-----\s*/, {
    error: 'is not a certificate in PEM; its first line is "-----BEGIN CERTIFICATE-----"',
  })
  .transform(onlyLineFeeds);

/** The public half, in PEM. */
export function publicKeyOf(privateKey: string): string {
  return String(createPublicKey(privateKey).export({ type: "spki", format: "pem" }));
}

function typeOf(read: () => KeyObject): string | undefined {
  try {
    return read().asymmetricKeyType;
  } catch {
    return undefined;
  }
}
