import * as pulumi from "@pulumi/pulumi";
import type * as handlers from "../provider/index";
import { lostKeyProblem, lostKeysIn } from "../provider/values/keys";
import { providerText, requireReachable } from "./program";
import { withSecrets } from "./secrets";
import { secrets } from "./secrets.gen";

/** The names that `kvm-deploy/provider` exports. */
type HandlerName = keyof typeof handlers;

/** A class of resources in Pulumi's terms. */
interface ResourceKind {
  /** Such as `Network`, the end of the type token. */
  readonly kind: keyof typeof secrets;
  readonly handler: HandlerName;
  /** The outputs that the provider computes; Pulumi needs each as a property of the resource. */
  readonly outputs: readonly string[];
}

interface CommonArgs {
  readonly name?: pulumi.Input<string | undefined>;
  readonly connection?: pulumi.Input<string | undefined>;
  readonly maxInstallations?: pulumi.Input<number | undefined>;
}

/**
 * A resource of a dynamic provider whose text is one constant line. So the installed code serves the state of every
 * earlier release, and nothing of a program, its paths or its secrets gets into the provider's text.
 */
export abstract class KvmResource extends pulumi.CustomResource {
  protected constructor(
    { kind, handler, outputs }: ResourceKind,
    name: string,
    args: CommonArgs,
    opts: pulumi.CustomResourceOptions,
  ) {
    requireReachable();
    refuseOptions(name, handler, opts);
    const configured: string | undefined = new pulumi.Config("kvm").get("connection");
    const type = `pulumi-nodejs:dynamic/kvm:${kind}`;
    super(
      type,
      name,
      {
        ...withSecrets(carried(name, args), secrets[kind]),
        name: args.name ?? name,
        connection: args.connection ?? configured,
        ...(handler === "machine" ? { maxInstallations: configuredMaximum(args) } : {}),
        ...(args.connection === undefined && configured !== undefined ? { __configured: true } : {}),
        ...Object.fromEntries<undefined>(outputs.map((output) => [output, undefined])),
        __provider: providerText(handler),
        __urn: urnOf(name, type, opts.parent),
      },
      // For `--replace` or a taint, the engine doesn't call the provider: it would create the new thing under the old
      // name first, and then delete both, which are one.
      pulumi.mergeOptions(opts, {
        deleteBeforeReplace: true,
        additionalSecretOutputs: [...secrets[kind].outputs],
      }),
    );
  }
}

/** For all machines of the stack at once, because it is a fact of their host. */
function configuredMaximum({ maxInstallations }: { readonly maxInstallations?: pulumi.Input<number | undefined> }) {
  return maxInstallations ?? new pulumi.Config("kvm").getNumber("maxInstallations");
}

/**
 * The arguments, if all of them can be passed to the provider.
 * @throws pulumi.RunError with the path of a key that would be lost
 */
function carried<Args extends object>(name: string, args: Args): Args {
  const [path] = lostKeysIn(args);
  if (path !== undefined) throw new pulumi.RunError(`${name}: ${path}: ${lostKeyProblem}`);
  return args;
}

/** Options that Pulumi has for all resources, and that don't work with a dynamic provider. */
function refuseOptions(name: string, handler: HandlerName, opts: pulumi.CustomResourceOptions): void {
  const given = (["import", "id"] as const).find((option) => opts[option] !== undefined);
  const instead =
    handler === "installerIso"
      ? "an installer ISO is written again"
      : "write `adopt: true` among the arguments, and what exists by this name is taken over as it is";
  if (given !== undefined) {
    throw new pulumi.RunError(
      `${name}: the option ${given} can't be used, since Pulumi does not let a dynamic provider read what it does not know yet. ` +
        `Leave it out; ${instead}`,
    );
  }
  if (opts.deleteBeforeReplace === false) {
    throw new pulumi.RunError(
      `${name}: the option deleteBeforeReplace can't be false, since the old one has the name and the addresses that the new one needs. ` +
        "Leave it out; with `protect: true` nothing is deleted",
    );
  }
}

/**
 * The URN as a promise. The engine's output depends on the parent: a resource in a component would wait for all of the
 * component's resources, and so for itself.
 */
function urnOf(name: string, type: string, parent: pulumi.Resource | undefined): Promise<string> {
  return new Promise((resolve) => {
    pulumi.createUrn(name, type, parent).apply(resolve);
  });
}
