import { z } from "zod";

export const httpUrl = z.url({
  protocol: /^https?$/,
  error: ({ input }) =>
    `"${withoutLogin(String(input))}" is not a URL; write it like "http://192.168.199.1:8080/debian"`,
});

/** Its login may be anywhere in what is no URL, so that nothing of it is shown. */
export const proxyUrl = z.url({
  protocol: /^https?$/,
  error: 'is not a URL; write it like "http://192.168.199.1:3128"',
});

/** What is no mirror may be a URL with a password. */
function withoutLogin(url: string): string {
  return url.replace(/^(\w+:\/\/)?.*@/s, "$1…@");
}

/** Where packages come from: a place, without what could hold a password or change the path. */
export const mirrorUrl = httpUrl.refine((url) => !URL.canParse(url) || isPlain(new URL(url)), {
  error: "must have neither login, query nor fragment; give protocol, host, port and directory only",
});

function isPlain({ username, password, search, hash }: URL): boolean {
  return `${username}${password}${search}${hash}` === "";
}

/** The initial RAM disk of the new system has no certificates. */
export const tangUrl = z
  .url({ protocol: /^http$/, error: 'is not a URL by http; write it like "http://tang.example.org"' })
  .refine((url) => !URL.canParse(url) || isPlain(new URL(url)), {
    error: "must have neither login, query nor fragment; give protocol, host, port and path only",
  });
