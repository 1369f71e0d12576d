import { serve } from "./dynamic";
import { network as networkHandler } from "./resources/network/handler";

/**
 * The module that the state of every resource requires: its path, these names and what they can do are an interface
 * for ever. State written by any earlier release is served by the release that is installed now.
 */
export const network = serve(networkHandler);
