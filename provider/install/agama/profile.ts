import { z } from "zod";
import { formatPath } from "../../check";
import { KvmError, messageOf } from "../../errors";
import { problemsOf } from "../../issues";
import { folder } from "./hand-over";

const scripts = z.looseObject({ post: z.array(z.looseObject({ name: z.string() })).optional() });

/** What Agama waits for at the console when it is missing, and what the hand-over is added to. */
const profile = z.looseObject({
  product: z.looseObject({ id: z.string().min(1, { error: "is empty; name the product" }) }),
  root: z.looseObject({}).optional(),
  user: z.looseObject({}).optional(),
  scripts: scripts.optional(),
});

/**
 * The profile with the hand-over as the last of its scripts, so that a template needs no line for it.
 * @throws KvmError of the input `template`
 */
export function withHandOver(text: string): string {
  const parsed = profile.safeParse(parseJson(text));
  if (!parsed.success) {
    const [{ path, message } = { path: [], message: "" }] = problemsOf(profile, parsed.error.issues);
    throw wrong(`${formatPath(path)}: ${message}`, "Correct the template");
  }
  const { root, user, scripts: own } = parsed.data;
  if (root === undefined && user === undefined)
    throw wrong("neither `root` nor `user` is there, and Agama would ask for one", "Add one of them to the template");
  const handOver = { name: "kvm-deploy", chroot: false, content: `#!/bin/sh\nexec sh ${folder}/finish\n` };
  const whole = { ...parsed.data, scripts: { ...own, post: [...(own?.post ?? []), handOver] } };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrong(`this is not JSON: ${messageOf(error)}`, "Correct the template");
  }
}

function wrong(what: string, remedy: string): KvmError {
  return new KvmError("invalid-input", what, { property: "template", remedy });
}
