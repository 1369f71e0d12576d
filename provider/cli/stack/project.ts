import { deployBySettings } from "./program";

/** The program of the command's stacks for `pulumi` itself, as `kvm-deploy/stack`. */
export const { machines } = deployBySettings();
