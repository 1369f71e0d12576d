import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** The packages of a package-lock.json that node_modules lacks or has in another version; links aside. */
export function lockDifferences(lock, installed) {
  return Object.entries(lock)
    .filter(([directory, { link, optional }]) => directory !== "" && !link && !(optional && !installed[directory]))
    .filter(([directory, { version, integrity }]) => {
      const present = installed[directory];
      return !present || present.version !== version || present.integrity !== integrity;
    })
    .map(([directory]) => directory.replace(/^.*node_modules\//, ""));
}

/** One hash over names and contents of files; a directory means everything below it, a missing one nothing. */
export function hashOf(root, names) {
  const hash = createHash("sha256");
  for (const file of names.flatMap((name) => filesBelow(root, name)).sort()) {
    const content = readFileSync(path.join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

function filesBelow(root, name) {
  try {
    return readdirSync(path.join(root, name)).flatMap((entry) => filesBelow(root, path.join(name, entry)));
  } catch (error) {
    if (error.code === "ENOTDIR") return [name];
    if (error.code === "ENOENT") return [];
    throw error;
  }
}
