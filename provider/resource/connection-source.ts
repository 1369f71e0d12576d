import type { CheckResult, Context, Failure, Properties } from "./handler";

/**
 * The connection that the program gives, else that of the last deployment, also of a replaced resource: a changed
 * environment variable must not move a stack to another host. Only a new thing gets the default.
 */
export function withConnection(olds: Properties, news: Properties, context: Context): Properties {
  const last = olds["connection"] ?? context.replaced?.inputs["connection"];
  return { ...news, connection: news["connection"] ?? last ?? context.defaultConnection };
}

/** The origin of the connection; undefined if the program itself names it. */
export function connectionSource(olds: Properties, news: Properties, context: Context): string | undefined {
  if (news["connection"] !== undefined)
    return context.isConnectionConfigured === true ? "kvm:connection of the stack's configuration" : undefined;
  if (olds["connection"] !== undefined) return "the last deployment";
  return context.defaultConnection === "qemu:///system" ? "the default" : "the environment's KVM_DEPLOY_CONNECTION";
}

/** An error of a connection includes where the connection comes from. */
export function reportedWithSource(source: string | undefined): (checked: CheckResult) => CheckResult {
  if (source === undefined) return (checked) => checked;
  const reported = ({ property, reason }: Failure) =>
    property === "connection" ? { property, reason: `${reason}. It comes from ${source}` } : { property, reason };
  return ({ inputs, failures }) => ({ inputs, failures: failures.map(reported) });
}
