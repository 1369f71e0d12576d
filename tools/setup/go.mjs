import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ensurePackages } from "./debian.mjs";
import { say, SetupError } from "./report.mjs";
import { capture, run } from "./run.mjs";
import { isAtLeast } from "./versions.mjs";

/** The Go that is fetched where the machine's is too old: each release is a module too. */
const TOOLCHAIN = "golang.org/toolchain@v0.0.1-go1.26.8.linux-amd64";
const TOOLCHAIN_SUM = "h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM=";

/** A Go that can build the CLI: {file, version, env}. The machine's own, else a newer one that this one fetches. */
export async function findGo(context) {
  const own = ownGo() ?? (await debianGo(context));
  if (isAtLeast(own.version, leastGo(context.root))) return own;
  if (process.arch !== "x64") {
    throw new SetupError(
      `${own.version} is too old to build the Pulumi CLI. Install the CLI, or Go ${leastGo(context.root)}`,
    );
  }
  return inspect(await fetchToolchain(own));
}

function leastGo(root) {
  return /^go (\S+)$/m.exec(readFileSync(path.join(root, "tools/pulumi-cli/cli/go.mod"), "utf8"))[1];
}

function ownGo() {
  return ["go", "/usr/local/go/bin/go"].map(inspect).find(({ version }) => version);
}

/** Go of our choice: no other one in its place, none of the user's flags, and go.sum as it is. */
function inspect(file) {
  const env = { ...process.env, CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly", GOWORK: "off" };
  const version = /go\d+\.\d+(\.\d+)?/.exec(capture(file, ["version"], { env, cwd: tmpdir() }) ?? "")?.[0];
  return { file, version, env };
}

async function debianGo(context) {
  await ensurePackages(context, ["golang-go"]);
  const go = ownGo();
  if (!go) throw new SetupError('golang-go is installed, but "go version" fails, so the Pulumi CLI can\'t be built');
  return go;
}

async function fetchToolchain(own) {
  say(`fetching a newer Go for the build (this machine's is ${own.version}): ${TOOLCHAIN}`);
  const { Dir, Sum } = await downloadModule(own, TOOLCHAIN);
  if (Sum !== TOOLCHAIN_SUM) throw new SetupError(`${TOOLCHAIN} has the checksum ${Sum} instead of ${TOOLCHAIN_SUM}`);
  // Modules are unpacked without the right to execute; Go does the same with the toolchains that it fetches for itself.
  for (const part of ["bin", "pkg/tool/linux_amd64"]) makeExecutable(path.join(Dir, part));
  return path.join(Dir, "bin/go");
}

async function downloadModule(go, module) {
  // An empty directory: a go.mod above it would take effect.
  const cwd = mkdtempSync(path.join(tmpdir(), "kvm-deploy-go-"));
  try {
    return JSON.parse(await run(go.file, ["mod", "download", "-json", module], { cwd, env: go.env }));
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

function makeExecutable(directory) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isFile()) chmodSync(path.join(directory, entry.name), 0o555);
  }
}
