import fc from "fast-check";

/**
 * fast-check with its seed: the same in each run, so that the same code has the same result. KVM_DEPLOY_TEST_SEED=NUMBER
 * sets another, KVM_DEPLOY_TEST_SEED=random one that is printed.
 */
const given = process.env["KVM_DEPLOY_TEST_SEED"];
const seed = given === "random" ? Math.floor(Math.random() * 2 ** 31) : Number(given ?? 1);
if (!Number.isInteger(seed))
  throw new Error(`KVM_DEPLOY_TEST_SEED is "${given ?? ""}"; give a whole number, or random`);
if (given !== undefined) console.log(`seed of the property tests: ${seed} (KVM_DEPLOY_TEST_SEED=${seed})`);
fc.configureGlobal({ seed });

export default fc;

/** Texts that mean something to JavaScript's own objects, as keys of a user's: what once vanished, or was found where nothing is. */
export const inheritedNames = [
  "constructor",
  "hasOwnProperty",
  "isPrototypeOf",
  "prototype",
  "toString",
  "toJSON",
  "valueOf",
  "__defineGetter__",
  "__lookupSetter__",
];

/** The one that can't be carried, and is refused. */
export const lostName = "__proto__";
