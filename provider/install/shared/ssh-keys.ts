/** An OpenSSH private key as far as it is known without a passphrase. */
export interface PrivateKey {
  /** Such as `ssh-ed25519`. */
  readonly type: string;
  /** As in a .pub file, without a comment. */
  readonly publicKey: string;
}

/** The kinds of SSH host keys that sshd reads by default, by the name in its file: ssh_host_NAME_key. */
export type HostKeyKind = "ed25519" | "rsa" | "ecdsa";

export const hostKeyKinds: readonly HostKeyKind[] = ["ed25519", "rsa", "ecdsa"];

const magic = "openssh-key-v1\0";
const armour = /^-----BEGIN OPENSSH PRIVATE KEY-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END OPENSSH PRIVATE KEY-----\s*$/;

/** Reads the public half out of a private key. @throws Error that says what is wrong, without any of the key */
export function parsePrivateKey(text: string): PrivateKey {
  const body = armour.exec(text.trimStart())?.[1];
  if (body === undefined) throw new Error(otherFormat(text));
  const reader = readerOf(Buffer.from(body, "base64"));
  if (reader.take(magic.length).toString("latin1") !== magic) throw new Error("is not an OpenSSH private key");
  const cipher = reader.string().toString();
  if (cipher !== "none") {
    throw new Error(
      "is protected by a passphrase, which cannot be typed in an unattended installation; remove it with `ssh-keygen -p -N '' -f FILE`",
    );
  }
  reader.string();
  reader.string();
  if (reader.number() !== 1) throw new Error("must hold one key");
  const blob = reader.string();
  requireWhole(reader.string());
  const type = readerOf(blob).string().toString();
  return { type, publicKey: `${type} ${blob.toString("base64")}` };
}

/** Which host key file a key of that type goes to. */
export function kindOf(type: string): HostKeyKind | undefined {
  if (type === "ssh-ed25519") return "ed25519";
  if (type === "ssh-rsa") return "rsa";
  return /^ecdsa-sha2-nistp(256|384|521)$/.test(type) ? "ecdsa" : undefined;
}

/** A line of a .pub file: `TYPE BASE64 [COMMENT]`. */
export function isPublicKey(line: string): boolean {
  const [, type, body] = /^((?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]+) ([A-Za-z0-9+/]+={0,2})(?: [^\r\n]*)?$/.exec(line) ?? [];
  if (type === undefined || body === undefined) return false;
  try {
    return readerOf(Buffer.from(body, "base64")).string().toString() === type;
  } catch {
    return false;
  }
}

/** The options of sshd(8) before a key. sshd ignores a key with an option that it doesn't know. */
const flags: readonly string[] = [
  ...["agent-forwarding", "cert-authority", "no-agent-forwarding", "no-port-forwarding", "no-pty", "no-touch-required"],
  ...[
    "no-user-rc",
    "no-x11-forwarding",
    "port-forwarding",
    "pty",
    "restrict",
    "user-rc",
    "verify-required",
    "x11-forwarding",
  ],
];
const settings: readonly string[] = [
  ...["command", "environment", "expiry-time", "from", "permitlisten", "permitopen", "principals", "tunnel"],
];

/** An option, its value in quotes, and what follows it: a comma, or white space before the key. */
const keyOption = /^([a-z][a-z0-9-]*)(="(?:\\"|[^"\r\n])*")?(,|[ \t]+)/i;

/** What is wrong with a line of authorized_keys, which may have options before the key; undefined if nothing is. */
export function problemOfAuthorizedKey(line: string): string | undefined {
  if (isPublicKey(line)) return undefined;
  const [whole, name = "", value, separator] = keyOption.exec(line) ?? [];
  if (whole === undefined)
    return 'is not a public SSH key; give the content of a .pub file, such as "ssh-ed25519 AAAA… you@example"';
  const known = value === undefined ? flags : settings;
  const rest = line.slice(whole.length);
  if (known.includes(name.toLowerCase()))
    return separator === "," && isPublicKey(rest) ? badComma : problemOfAuthorizedKey(rest);
  return `has "${name}" before the key, which is no option of sshd's ${value === undefined ? "without" : "with"} a value`;
}

const badComma = "has a comma between the last option and the key; write a space there";

/** The private half starts with the same random number twice. */
function requireWhole(secrets: Buffer): void {
  const reader = readerOf(secrets);
  if (reader.number() !== reader.number()) throw new Error("is damaged");
}

function otherFormat(text: string): string {
  if (/^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text.trimStart())) {
    return "is not in OpenSSH's format; convert it with `ssh-keygen -p -N '' -f FILE`";
  }
  if (isPublicKey(text.trim())) return "is a public key; the private one is needed";
  return "is not an OpenSSH private key; make one with `ssh-keygen -t ed25519 -N '' -f FILE` and give the content of FILE";
}

/** Reads what OpenSSH writes: lengths in four bytes, then so many bytes. */
function readerOf(bytes: Buffer) {
  let position = 0;
  const take = (count: number): Buffer => {
    if (position + count > bytes.length) throw new Error("is truncated");
    position += count;
    return bytes.subarray(position - count, position);
  };
  const number = () => take(4).readUInt32BE();
  return { take, number, string: () => take(number()) };
}
