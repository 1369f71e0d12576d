import * as pulumi from "@pulumi/pulumi";

/** The names that `kvm-deploy/provider` exports. */
type HandlerName = "network" | "storagePool" | "volume" | "installerIso" | "machine";

interface CommonArgs {
  readonly name?: pulumi.Input<string | undefined>;
  readonly connection?: pulumi.Input<string | undefined>;
}

/**
 * A resource served by a dynamic provider whose text is one constant line. So the code that is installed now serves the
 * state of every earlier release, and nothing of a program, its paths or its secrets gets into the provider's text.
 */
export abstract class KvmResource extends pulumi.CustomResource {
  /**
   * @param kind such as `Network`, the end of the type token
   * @param outputs what the provider computes; a property of the resource must be named here
   */
  protected constructor(
    kind: string,
    handler: HandlerName,
    name: string,
    inputs: CommonArgs,
    outputs: readonly string[],
    opts: pulumi.CustomResourceOptions,
  ) {
    const configured: string | undefined = new pulumi.Config("kvm").get("connection");
    const type = `pulumi-nodejs:dynamic/kvm:${kind}`;
    super(
      type,
      name,
      {
        ...inputs,
        name: inputs.name ?? name,
        connection: inputs.connection ?? configured,
        ...Object.fromEntries<undefined>(outputs.map((output) => [output, undefined])),
        __provider: `exports.handler = () => require("kvm-deploy/provider").${handler};`,
        __urn: urnOf(name, type, opts.parent),
      },
      // Where `--replace` or a taint asks for it, the engine doesn't ask the provider: it would make the new thing by the
      // old one's name first, and then delete what is both.
      { ...opts, deleteBeforeReplace: true },
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
