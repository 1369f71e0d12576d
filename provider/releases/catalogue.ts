import { z } from "zod";
import { parseYaml } from "../format/yaml/load";
import { type FamilyId, familyIds } from "../install/index";
import { formatPath } from "../resource/check";
import { choices, problemsOf } from "../resource/issues";
import { KvmError } from "../values/errors";
import { own } from "../values/keys";

const url = z.url({ protocol: /^https?$/, error: ({ input }) => `"${String(input)}" is not a URL` });
const fileName = z.string().regex(/^[^/]+$/, { error: ({ input }) => `"${String(input)}" is not a file name` });

const key = z.strictObject({
  fingerprint: z.string().regex(/^([0-9A-F]{40}|[0-9A-F]{64})$/, {
    error: "must be an OpenPGP fingerprint: 40 or 64 digits, without spaces",
  }),
  url,
});

const release = z.strictObject({
  family: z.enum(familyIds),
  folder: url.refine((text) => text.endsWith("/"), { error: "must end with a slash" }),
  iso: fileName,
  sums: fileName,
  signature: fileName.optional(),
  keys: z.array(z.string()).min(1, { error: "must name the keys that may sign the list of sums" }),
  ended: z.string().min(1).optional(),
});

const schema = z.strictObject({
  keys: z.record(z.string(), key),
  distributions: z.record(z.string(), z.strictObject({ latest: z.string(), releases: z.record(z.string(), release) })),
});

/** The places of installer ISOs, and the keys that verify them. */
export type Catalogue = z.infer<typeof schema>;

/** A key and its URL; it is trusted only by its fingerprint. */
export type SigningKey = z.infer<typeof key>;

export interface CatalogueRelease {
  readonly family: FamilyId;
  readonly folder: string;
  /** File name with `*` for the part that differs between images of the release. */
  readonly iso: string;
  readonly sums: string;
  /** Undefined if the list of sums itself is a signed message. */
  readonly signature?: string | undefined;
  readonly keys: readonly SigningKey[];
  /** Why it can't be installed any more. */
  readonly ended?: string | undefined;
}

/** @throws KvmError with file:line:column */
export function parseCatalogue(text: string, file: string): Catalogue {
  const yaml = parseYaml(text, file);
  const parsed = schema.safeParse(yaml.value);
  if (parsed.success) return parsed.data;
  const [problem = { path: [], message: "is empty", ofKey: false }] = problemsOf(schema, parsed.error.issues);
  const path = problem.path.filter((part) => typeof part !== "symbol");
  const { line, column } = yaml.positionOf(path, problem.ofKey === true ? "key" : "value");
  throw new KvmError("invalid-input", `${file}:${line}:${column}: ${formatPath(path)}: ${problem.message}`, {
    property: "catalogue",
  });
}

/** A name such as `debian:13` or `debian:latest`. @throws KvmError with the existing names */
export function releaseOf(name: string, { keys, distributions }: Catalogue): CatalogueRelease {
  const [distribution = "", version = ""] = name.split(":");
  const known = own(distributions, distribution);
  if (known === undefined) throw unknown(name, choices("distributions", distribution, Object.keys(distributions)));
  const found = own(known.releases, version === "latest" ? known.latest : version);
  if (found === undefined)
    throw unknown(name, choices(`releases of ${distribution}`, version, [...Object.keys(known.releases), "latest"]));
  if (found.ended !== undefined) throw ended(name, found.ended);
  return { ...found, keys: found.keys.map((id) => own(keys, id) ?? missingKey(id, keys)) };
}

function unknown(name: string, what: string): KvmError {
  return new KvmError("not-found", `the catalogue has no "${name}"; ${what}`, {
    property: "source",
    remedy: "Name one of those, add it to a `catalogue` of your own, or give `url` and `sha256`",
  });
}

function ended(name: string, why: string): KvmError {
  return new KvmError("unsupported", `${name} has ended: ${why}`, {
    property: "source",
    remedy: "Take a later release; for an archive of your own that has all of it, give `url` and `sha256`",
  });
}

function missingKey(id: string, keys: Catalogue["keys"]): never {
  throw new KvmError("not-found", `the catalogue has no key "${id}"; ${choices("keys", id, Object.keys(keys))}`, {
    property: "catalogue",
  });
}
