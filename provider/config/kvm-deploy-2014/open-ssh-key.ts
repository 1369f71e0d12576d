import { createHash, createPrivateKey } from "node:crypto";
import { messageOf } from "../../values/errors";

/**
 * A private key in OpenSSH's own format. In 2014 ssh-keygen wrote PEM.
 * @throws Error that says what to do, without any of the key
 */
export function openSshKey(text: string): string {
  const key = `${text.trim()}\n`;
  if (!/^-----BEGIN (?:RSA |EC )?PRIVATE KEY-----/.test(key)) return key;
  const { publicFields, privateFields } = fieldsOf(key);
  const blob = Buffer.concat(publicFields.map(string));
  // The reader compares two equal numbers; derived, so that the file is the same at each load.
  const check = createHash("sha256").update(blob).digest().subarray(0, 4);
  const secret = Buffer.concat([check, check, ...privateFields.map(string), string("")]);
  const none = string("none");
  const body = [none, none, string(""), Buffer.from([0, 0, 0, 1]), string(blob), string(padded(secret))];
  const lines = Buffer.concat([Buffer.from("openssh-key-v1\0"), ...body])
    .toString("base64")
    .match(/.{1,70}/g);
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...(lines ?? []), "-----END OPENSSH PRIVATE KEY-----", ""].join("\n");
}

type Field = Buffer | string;

interface Fields {
  readonly publicFields: readonly Field[];
  readonly privateFields: readonly Field[];
}

function fieldsOf(pem: string): Fields {
  const { kty, crv, n, e, d, p, q, qi, x, y } = jwkOf(pem);
  if (kty === "RSA") {
    const [modulus, exponent] = [number(n), number(e)];
    return {
      publicFields: ["ssh-rsa", exponent, modulus],
      privateFields: ["ssh-rsa", modulus, exponent, number(d), number(qi), number(p), number(q)],
    };
  }
  const curve = `nistp${(crv ?? "").replace("P-", "")}`;
  const point = Buffer.concat([Buffer.from([4]), bytes(x), bytes(y)]);
  const common = [`ecdsa-sha2-${curve}`, curve, point];
  return { publicFields: common, privateFields: [...common, number(d)] };
}

function jwkOf(pem: string) {
  try {
    return createPrivateKey(pem).export({ format: "jwk" });
  } catch (error) {
    const isLocked = /passphrase|bad decrypt|interrupted/i.test(messageOf(error)) || pem.includes("ENCRYPTED");
    throw new Error(
      isLocked
        ? "is protected by a passphrase; remove it with `ssh-keygen -p -N '' -f FILE`"
        : "is not a private key that can be read; convert it with `ssh-keygen -p -N '' -f FILE`",
      { cause: error },
    );
  }
}

function bytes(text = ""): Buffer {
  return Buffer.from(text, "base64url");
}

/** A positive number: a zero byte before a first bit that would be a sign. */
function number(text: string | undefined): Buffer {
  const value = bytes(text);
  return (value[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), value]) : value;
}

function string(field: Field): Buffer {
  const content = Buffer.from(field);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

/** To a multiple of eight bytes, with 1, 2, 3 and so on. */
function padded(secret: Buffer): Buffer {
  const count = (8 - (secret.length % 8)) % 8;
  return Buffer.concat([secret, Buffer.from(Array.from({ length: count }, (_, index) => index + 1))]);
}
