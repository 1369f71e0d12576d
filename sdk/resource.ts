import * as pulumi from "@pulumi/pulumi";
import type * as handlers from "../provider/index";
import { lostKeyProblem, lostKeysIn } from "../provider/values/keys";
import { withSecrets } from "./secrets";
import { secrets } from "./secrets.gen";

/** The names that `kvm-deploy/provider` exports. */
type HandlerName = keyof typeof handlers;

/** What a class of resources is to Pulumi. */
interface ResourceKind {
  /** Such as `Network`, the end of the type token. */
  readonly kind: keyof typeof secrets;
  readonly handler: HandlerName;
  /** What the provider computes; a property of the resource must be named here. */
  readonly outputs: readonly string[];
}

interface CommonArgs {
  readonly name?: pulumi.Input<string | undefined>;
  readonly connection?: pulumi.Input<string | undefined>;
}

/**
 * A resource served by a dynamic provider whose text is one constant line. So the code that is installed now serves the
 * state of every earlier release, and nothing of a program, its paths or its secrets gets into the provider's text.
 */
export abstract class KvmResource extends pulumi.CustomResource {
  protected constructor(
    { kind, handler, outputs }: ResourceKind,
    name: string,
    args: CommonArgs,
    opts: pulumi.CustomResourceOptions,
  ) {
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
        ...(args.connection === undefined && configured !== undefined ? { __configured: true } : {}),
        ...Object.fromEntries<undefined>(outputs.map((output) => [output, undefined])),
        __provider: `exports.handler = () => require("kvm-deploy/provider").${handler};`,
        __urn: urnOf(name, type, opts.parent),
      },
      // Where `--replace` or a taint asks for it, the engine doesn't ask the provider: it would make the new thing by the
      // old one's name first, and then delete what is both.
      pulumi.mergeOptions(opts, {
        deleteBeforeReplace: true,
        additionalSecretOutputs: [...secrets[kind].outputs],
      }),
    );
  }
}

/**
 * The arguments, when all of them can be carried to the provider.
 * @throws pulumi.RunError with the path of a key that would be lost
 */
function carried<Args extends object>(name: string, args: Args): Args {
  const [path] = lostKeysIn(args);
  if (path !== undefined) throw new pulumi.RunError(`${name}: ${path}: ${lostKeyProblem}`);
  return args;
}

/** What Pulumi offers all resources, and a dynamic provider's can't have. */
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
 * The URN as a promise, for the engine's output is bound to the parent: a resource in a component would wait for all of
 * the component's resources, and so for itself.
 */
function urnOf(name: string, type: string, parent: pulumi.Resource | undefined): Promise<string> {
  return new Promise((resolve) => {
    pulumi.createUrn(name, type, parent).apply(resolve);
  });
}
