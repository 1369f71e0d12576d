// Set-up: whatever the demo, the tests and the bench need and this machine lacks. Plain JavaScript for Node 20 without any
// npm package, because there may be none yet.
import path from "node:path";
import { debianPackages } from "./setup/debian.mjs";
import { dist } from "./setup/dist.mjs";
import { findNode, node } from "./setup/node.mjs";
import { npmPackages } from "./setup/npm.mjs";
import { findPulumi, pulumi } from "./setup/pulumi.mjs";
import { pythonPrograms } from "./setup/python-programs.mjs";
import { say, SetupError } from "./setup/report.mjs";
import { sshd } from "./setup/sshd.mjs";

/** Each has check(context), which quickly says what is missing, and apply(context), which sees to it. */
const STEPS = [debianPackages, npmPackages, node, pulumi, dist];
const STEPS_OF_TESTS = [...pythonPrograms, sshd];

/** Does the steps that are needed. Returns the context that programEnv() and findNode() take. */
export async function setUp({ yes, isForTests }) {
  const start = Date.now();
  const context = { root: path.dirname(import.meta.dirname), yes, isRoot: process.getuid() === 0 };
  let done = 0;
  for (const step of isForTests ? [...STEPS, ...STEPS_OF_TESTS] : STEPS) done += await see(step, context);
  const did = done === 0 ? "nothing to do" : `done in ${Math.round((Date.now() - start) / 1000)} s`;
  say(`${did} (Node ${findNode(context).version}, Pulumi CLI ${findPulumi(context).version})`);
  return context;
}

async function see(step, context) {
  if (!step.check(context)) return 0;
  await step.apply(context);
  const missing = step.check(context);
  if (missing && !step.isOptional) throw new SetupError(`${step.name}: still missing after set-up: ${missing}`);
  return 1;
}
