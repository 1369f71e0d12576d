import type { Action } from "../command";
import { deploy } from "./deploy";

export const run: Action = (request, world) => deploy("destroy", request, world);
