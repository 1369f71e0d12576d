import { z } from "zod";
import { parseYaml } from "../format/yaml/load";
import { familyIds } from "../install/index";
import { formatPath } from "../resource/check";
import { problemsOf } from "../resource/issues";
import { KvmError } from "../values/errors";
import { own } from "../values/keys";

const url = z.url({ protocol: /^https?$/, error: ({ input }) => `"${String(input)}" is not a URL` });
const folder = url.refine((text) => text.endsWith("/"), { error: "must end with a slash" });
/** Below the folder. */
const file = z
  .string()
  .regex(/^[^/:\s]+(\/[^/:\s]+)*$/, { error: ({ input }) => `"${String(input)}" is not a file name` });
/** Some distributions have their lists of sums on another server. */
const fileOrUrl = z.union([file, url], { error: ({ input }) => `"${String(input)}" is neither a file name nor a URL` });

const key = z.strictObject({
  fingerprint: z.string().regex(/^([0-9A-F]{40}|[0-9A-F]{64})$/, {
    error: "must be an OpenPGP fingerprint: 40 or 64 digits, without spaces",
  }),
  url: z.union([url, z.array(url).min(1, { error: "must have a URL" })], { error: "must be a URL, or a list of URLs" }),
});

/** Places an image, and proves it. */
export const completePlace = z.strictObject({
  family: z.enum(familyIds),
  folder,
  iso: file,
  sums: fileOrUrl,
  signature: fileOrUrl.optional(),
  keys: z.array(z.string()).min(1, { error: "must name the keys that may sign the list of sums" }),
  archives: z.array(folder).optional(),
});

/** A distribution, a release and a medium each say what differs from the one before. */
const place = completePlace.partial();
const media = z.record(z.string(), place).optional();

const release = place.extend({
  ended: z.string().min(1).optional(),
  endOfLife: z.iso.date({ error: "must be a date such as 2026-04-30" }).optional(),
  media,
});

const distribution = place.extend({ latest: z.string(), media, releases: z.record(z.string(), release) });

const schema = z
  .strictObject({ keys: z.record(z.string(), key), distributions: z.record(z.string(), distribution) })
  .superRefine(({ distributions }, context) => {
    for (const [name, whole] of Object.entries(distributions))
      for (const [version, one] of Object.entries(whole.releases))
        for (const message of [...placesOf(whole, one).values()].flatMap(problemsOfPlace))
          context.addIssue({ code: "custom", path: ["distributions", name, "releases", version], message });
  });

/**
 * The places of a release's media by their names; the first one has no name as well. A release says only what differs from its
 * distribution, and a medium what differs from the release.
 */
export function placesOf(
  whole: z.infer<typeof distribution>,
  one: z.infer<typeof release>,
): ReadonlyMap<string | undefined, z.infer<typeof place>> {
  const common = { ...placeIn(whole), ...placeIn(one) };
  const names = new Set([...Object.keys(whole.media ?? {}), ...Object.keys(one.media ?? {})]);
  const named = [...names].map(
    (name) => [name, { ...common, ...own(whole.media ?? {}, name), ...own(one.media ?? {}, name) }] as const,
  );
  return new Map([[undefined, common], ...named]);
}

/** What a distribution or a release says of the place alone. */
function placeIn(entry: z.infer<typeof place>): z.infer<typeof place> {
  return Object.fromEntries(Object.entries(entry).filter(([field]) => Object.hasOwn(completePlace.shape, field)));
}

const required = ["family", "folder", "iso", "sums", "keys"] as const;

/** @param whole what a distribution, its release and the medium say together */
function problemsOfPlace(whole: z.infer<typeof place>): string[] {
  const { sums, signature } = whole;
  const missing = required.filter((field) => whole[field] === undefined);
  return [
    ...missing.map((field) => `\`${field}\` is missing, here and in the distribution`),
    ...(sums?.includes("*") === true && signature !== undefined
      ? ["`sums` with * must be a signed message itself, without `signature`"]
      : []),
  ];
}

/** The places of installer ISOs, and the keys that verify them. */
export type Catalogue = z.infer<typeof schema>;

/** @throws KvmError with file:line:column */
export function parseCatalogue(text: string, path: string): Catalogue {
  const yaml = parseYaml(text, path);
  const parsed = schema.safeParse(yaml.value);
  if (parsed.success) return parsed.data;
  const [problem = { path: [], message: "is empty", ofKey: false }] = problemsOf(schema, parsed.error.issues);
  const steps = problem.path.filter((step) => typeof step !== "symbol");
  const { line, column } = yaml.positionOf(steps, problem.ofKey === true ? "key" : "value");
  throw new KvmError("invalid-input", `${path}:${line}:${column}: ${formatPath(steps)}: ${problem.message}`, {
    property: "catalogue",
  });
}
