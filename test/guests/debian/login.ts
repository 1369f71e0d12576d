import type { TestStack } from "../../pulumi/support";
import { site } from "../../site";

const { enter, host } = site();

/** Runs a command in the guest by the very command that the stack gives out as `ssh`. @param loginKey its private key */
export async function runInGuest(stack: TestStack, loginKey: string, command: string): Promise<string> {
  const { ssh } = await stack.outputs();
  const login = String(ssh).replace(/^ssh /, `ssh -i ${loginKey} -o ConnectTimeout=5 `);
  return (await host.run("sh", ["-c", [...enter, login, `'${command}'`].join(" ")])).stdout.trim();
}
