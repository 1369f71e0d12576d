import { xmlTexts } from "../../values/xml-texts";
import { machineRules } from "./rules";
import { machineFields } from "./schema/machine";

export const machineInputs = machineFields
  .superRefine(xmlTexts(([field]) => field === "description" || field === "xml"))
  .superRefine(machineRules);

/** The outputs without the inputs. */
export { machineOutputs } from "./schema/machine";
