import { atMostOne, rulesOf } from "../../resource/rules";
import { hasDirectory, type Kinded, storageKinds, typeOf } from "./kinds";

type Candidate = Kinded & { readonly path?: unknown };

/** Rules about several inputs together. */
export const storagePoolRules = rulesOf<Candidate>(
  atMostOne(storageKinds, (type) => `can't be set together with ${type}: a pool has one kind of storage`),
  (inputs, report) => {
    if (inputs.path === undefined && hasDirectory(typeOf(inputs)))
      report(["path"], "is missing: give a directory on the host");
  },
  (inputs, report) => {
    if (inputs.path === undefined) return;
    const type = typeOf(inputs);
    if (!hasDirectory(type)) report(["path"], `is not for ${type}, which decides the place of the volumes; remove it`);
  },
);
