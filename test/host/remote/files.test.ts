import { execFileSync } from "node:child_process";
import path from "node:path";
import { it } from "node:test";
import { root } from "../../site";

it("files by a shell are as those by Node", () => {
  const args = ["--import", "tsx", "--test", path.join(root, "test/host/files.test.ts")];
  const env = { ...process.env, KVM_DEPLOY_TEST_FILES: "remote", NODE_TEST_CONTEXT: undefined };
  execFileSync(process.execPath, args, {
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
});
