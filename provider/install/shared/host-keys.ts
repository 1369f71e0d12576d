import { z } from "zod";
import { messageOf } from "../../values/errors";
import type { AddedFile } from "../family";
import { type HostKeyKind, hostKeyKinds, kindOf, parsePrivateKey } from "./ssh-keys";

export type HostKeys = { readonly [Kind in HostKeyKind]?: string | undefined };

/** A private SSH host key of that kind; normalised to end in one line break, as sshd wants it. */
export function hostKey(kind: HostKeyKind) {
  return z.string().transform((text, context) => {
    const problem = problemOf(kind, text);
    if (problem === undefined) return `${text.trim().replaceAll("\r", "")}\n`;
    context.addIssue(problem);
    return z.NEVER;
  });
}

export const hostKeys = z.strictObject({
  ed25519: hostKey("ed25519")
    .optional()
    .meta({ description: "OpenSSH private key.", sets: "/etc/ssh/ssh_host_ed25519_key", secret: true }),
  rsa: hostKey("rsa")
    .optional()
    .meta({ description: "OpenSSH private key.", sets: "/etc/ssh/ssh_host_rsa_key", secret: true }),
  ecdsa: hostKey("ecdsa")
    .optional()
    .meta({ description: "OpenSSH private key.", sets: "/etc/ssh/ssh_host_ecdsa_key", secret: true }),
});

/** `false` leaves the keys to the machine. */
export type GivenHostKeys = HostKeys | false;

/** Private keys that follow one another in a text, by their kinds. */
export function hostKeysIn(text: string): HostKeys {
  const keys = text.match(/-----BEGIN [^]*?-----END [^\n]*\n/g) ?? [];
  return keys.reduce<HostKeys>((found, key) => {
    const kind = kindOf(parsePrivateKey(key).type);
    return kind === undefined ? found : { ...found, [kind]: key };
  }, {});
}

/** Public host keys as in known_hosts, without a host. */
export function publicHostKeys(keys: GivenHostKeys): string[] {
  return given(keys).map(({ text }) => parsePrivateKey(text).publicKey);
}

/** The files of /etc/ssh. */
export function hostKeyFiles(keys: GivenHostKeys, folder: string): AddedFile[] {
  return given(keys).flatMap(({ kind, text }) => [
    { path: `${folder}/ssh_host_${kind}_key`, content: text, mode: 0o600 },
    { path: `${folder}/ssh_host_${kind}_key.pub`, content: `${parsePrivateKey(text).publicKey}\n`, mode: 0o644 },
  ]);
}

function given(keys: GivenHostKeys): { kind: HostKeyKind; text: string }[] {
  if (keys === false) return [];
  return hostKeyKinds.flatMap((kind) => {
    const text = keys[kind];
    return text === undefined ? [] : [{ kind, text }];
  });
}

function problemOf(kind: HostKeyKind, text: string): string | undefined {
  try {
    const { type } = parsePrivateKey(text);
    return kindOf(type) === kind ? undefined : `is a key of the type ${type}, not ${kind}`;
  } catch (error) {
    return messageOf(error);
  }
}
