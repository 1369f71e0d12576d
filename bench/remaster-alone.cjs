// Remasters in a process that loads the compiled remaster and nothing else; prints the peak of its memory in megabytes.
// Neither through TypeScript's loader nor as an ES module, either of which takes more memory than all of the work.
const { readFileSync } = require("node:fs");
const { deserialize } = require("node:v8");
const { openHost } = require("../dist/provider/engine/open-host.js");
const { remaster } = require("../dist/provider/iso/remaster.js");

const [source, target, plan] = process.argv.slice(2);
void remaster(source, target, deserialize(readFileSync(plan)), openHost("qemu:///session")).then(() => {
  // Of its own; that of getrusage is its parent's where that was larger.
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"));
  console.log((Number(kibibytes) * 1024) / 1e6);
});
