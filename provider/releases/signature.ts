import type { PublicKey } from "openpgp";
import { KvmError, messageOf } from "../values/errors";

/** A text, and what proves who wrote it. */
export interface SignedText {
  readonly content: Buffer;
  /** Undefined when the content itself is a cleartext-signed message. */
  readonly signature: Buffer | undefined;
  /** The files of the keys that may have signed it, armoured or not; each may hold several. */
  readonly keys: readonly Buffer[];
  /** Of the keys among them that are trusted. */
  readonly fingerprints: readonly string[];
  /** For messages. */
  readonly name: string;
}

/** The text, when one of the trusted keys has signed it. @throws KvmError when none has */
export async function verifiedText(signed: SignedText): Promise<string> {
  const trusted = (await Promise.all(signed.keys.map(readKeys)))
    .flat()
    .filter((key) => signed.fingerprints.includes(key.getFingerprint().toUpperCase()));
  if (trusted.length === 0)
    throw refused(signed.name, `no key has the fingerprint ${signed.fingerprints.join(" or ")}`);
  try {
    return await verified(signed, trusted);
  } catch (cause) {
    throw refused(signed.name, messageOf(cause), cause);
  }
}

async function verified({ content, signature }: SignedText, verificationKeys: PublicKey[]): Promise<string> {
  // Loaded at the first use: few previews need it.
  const openpgp = await import("openpgp");
  if (signature === undefined) {
    const message = await openpgp.readCleartextMessage({ cleartextMessage: content.toString() });
    return requireOne(await openpgp.verify({ message, verificationKeys }));
  }
  const message = await openpgp.createMessage({ binary: content, format: "binary" });
  const armour = signature.toString("latin1");
  const detached = armour.startsWith("-----BEGIN")
    ? await openpgp.readSignature({ armoredSignature: armour })
    : await openpgp.readSignature({ binarySignature: signature });
  await requireOne(await openpgp.verify({ message, signature: detached, verificationKeys, format: "binary" }));
  return content.toString();
}

interface Verdict<Data> {
  readonly data: Data;
  readonly signatures: readonly { readonly verified: Promise<true> }[];
}

/** Lists are often signed by an old and a new key: one that is trusted is enough. */
async function requireOne<Data>({ data, signatures }: Verdict<Data>): Promise<Data> {
  if (signatures.length === 0) throw new Error("it is not signed");
  const verdicts = await Promise.allSettled(signatures.map(async ({ verified }) => verified));
  const [failure] = verdicts.filter(({ status }) => status === "rejected");
  if (verdicts.every(({ status }) => status === "rejected"))
    throw failure?.status === "rejected" ? failure.reason : new Error("no signature is valid");
  return data;
}

async function readKeys(file: Buffer): Promise<PublicKey[]> {
  const { readKeys: read } = await import("openpgp");
  const armour = file.toString("latin1");
  // A file may hold one armoured block behind the other, which the library reads one by one only.
  const blocks = armour.match(/-----BEGIN PGP PUBLIC KEY BLOCK-----[^]*?-----END PGP PUBLIC KEY BLOCK-----/g);
  const keys =
    blocks === null
      ? await read({ binaryKeys: file })
      : (await Promise.all(blocks.map((armoredKeys) => read({ armoredKeys })))).flat();
  // The library's types call them keys of any kind; the class that it asks for has no constructor to come from.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  return keys;
}

function refused(name: string, why: string, cause?: unknown): KvmError {
  return new KvmError("checksum-mismatch", `the signature of ${name} can't be trusted: ${why}`, {
    property: "source",
    remedy:
      "Nothing of it is used. Try again later; if the distribution has a new key, put it into a `catalogue` of your own",
    cause,
  });
}
