import * as openpgp from "openpgp";

/** A key of the test's own distribution. */
export async function newKey() {
  const { privateKey, publicKey } = await openpgp.generateKey({ userIDs: [{ name: "Own Distribution" }] });
  const key = await openpgp.readKey({ armoredKey: publicKey });
  return { publicKey, fingerprint: key.getFingerprint().toUpperCase(), privateKey };
}

const secondsOfDay = 24 * 60 * 60;

/** A key that has expired, and a newer copy of it that hasn't. What it signs is signed after the first copy's end. */
export async function prolongedKey() {
  const daysAgo = (days: number) => new Date(Date.now() - days * secondsOfDay * 1000);
  const userIDs = [{ name: "Own Distribution" }];
  const old = await openpgp.generateKey({
    userIDs,
    date: daysAgo(10),
    keyExpirationTime: secondsOfDay,
    format: "object",
  });
  const { privateKey, publicKey } = await openpgp.reformatKey({
    privateKey: old.privateKey,
    userIDs,
    date: daysAgo(5),
    format: "armored",
  });
  return {
    expired: old.publicKey.armor(),
    publicKey,
    privateKey,
    fingerprint: old.publicKey.getFingerprint().toUpperCase(),
  };
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
