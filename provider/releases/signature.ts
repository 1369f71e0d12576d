import type { PublicKey } from "openpgp";
import { KvmError, messageOf } from "../values/errors";

/** A text, and its signature. */
export interface SignedText {
  readonly content: Buffer;
  /** Undefined if the content itself is a cleartext-signed message. */
  readonly signature: Buffer | undefined;
  /** Files with the keys that may have signed it, armoured or not; each may contain several. */
  readonly keys: readonly Buffer[];
  /** The trusted keys among them. */
  readonly fingerprints: readonly string[];
  /** For messages. */
  readonly name: string;
}

/** The text, if one of the trusted keys has signed it. @throws KvmError if none has */
export async function verifiedText(signed: SignedText): Promise<string> {
  const copies = (await Promise.all(signed.keys.map(readKeys)))
    .flat()
    .filter((key) => signed.fingerprints.includes(fingerprintOf(key)));
  if (copies.length === 0) throw refused(signed.name, `no key has the fingerprint ${signed.fingerprints.join(" or ")}`);
  const trusted = await merged(copies);
  try {
    return await verified(signed, trusted);
  } catch (cause) {
    throw refused(signed.name, [messageOf(cause), ...(await expiries(trusted))].join("; "), cause);
  }
}

function fingerprintOf(key: PublicKey): string {
  return key.getFingerprint().toUpperCase();
}

/** One key of each fingerprint. Copies of a key differ in their dates of expiry, and the latest one counts. */
async function merged(copies: readonly PublicKey[]): Promise<PublicKey[]> {
  const keys = new Map<string, PublicKey>();
  for (const copy of copies) {
    const known = keys.get(fingerprintOf(copy));
    keys.set(fingerprintOf(copy), known === undefined ? copy : await known.update(copy));
  }
  return [...keys.values()];
}

async function expiries(keys: readonly PublicKey[]): Promise<string[]> {
  const dates = await Promise.all(keys.map(async (key) => ({ key, date: await key.getExpirationTime() })));
  return dates.flatMap(({ key, date }) =>
    date instanceof Date
      ? [`the newest copy of the key ${fingerprintOf(key)} is valid until ${date.toISOString().slice(0, 10)}`]
      : [],
  );
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

/** Lists are often signed by an old and a new key: one trusted key is enough. */
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
  // A file may contain several armoured blocks, and the library reads only one at a time.
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
      "Nothing of it is used. Try again later; if the distribution has a new key, or a newer copy of it, put that into a `catalogue` of your own",
    cause,
  });
}
