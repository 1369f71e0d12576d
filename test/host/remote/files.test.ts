import { execFileSync } from "node:child_process";
import path from "node:path";
import { it } from "node:test";
import { root } from "../../site";

it("files by a shell are as those by Node", () => {
  const args = ["--import", "tsx", "--test", path.join(root, "test/host/files.test.ts")];
  const { NODE_TEST_CONTEXT: _ofThisFile, ...env } = process.env;
  execFileSync(process.execPath, args, {
    env: { ...env, KVM_DEPLOY_TEST_FILES: "remote" },
    stdio: ["ignore", "inherit", "inherit"],
  });
});
