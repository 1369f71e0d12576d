// Remasters in a process that loads the compiled remaster and nothing else; prints the peak of its memory in megabytes.
// Not through TypeScript's loader, which takes more memory than all of the work.
import { readFileSync } from "node:fs";
import { deserialize } from "node:v8";
import { openHost } from "../dist/provider/host/open.js";
import { remaster } from "../dist/provider/iso/remaster.js";

const [source, target, plan] = process.argv.slice(2);
await remaster(source, target, deserialize(readFileSync(plan)), openHost("qemu:///session"));
// Of its own; that of getrusage is its parent's where that was larger.
const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"));
console.log((Number(kibibytes) * 1024) / 1e6);
