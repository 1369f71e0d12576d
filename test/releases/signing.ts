import * as openpgp from "openpgp";

/** A key of the test's own distribution. */
export async function newKey() {
  const { privateKey, publicKey } = await openpgp.generateKey({ userIDs: [{ name: "Own Distribution" }] });
  const key = await openpgp.readKey({ armoredKey: publicKey });
  return { publicKey, fingerprint: key.getFingerprint().toUpperCase(), privateKey };
}

export async function detached(text: string, privateKey: string): Promise<Uint8Array> {
  const signingKeys = await openpgp.readPrivateKey({ armoredKey: privateKey });
  const message = await openpgp.createMessage({ binary: Buffer.from(text) });
  return (await openpgp.sign({ message, signingKeys, detached: true, format: "binary" })) as Uint8Array;
}

export async function cleartext(text: string, privateKey: string): Promise<string> {
  const signingKeys = await openpgp.readPrivateKey({ armoredKey: privateKey });
  return openpgp.sign({ message: await openpgp.createCleartextMessage({ text }), signingKeys });
}
