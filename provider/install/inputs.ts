import { z } from "zod";
import { agamaInput } from "./agama/schema";
import { debianInput } from "./debian/schema";
import { redhatInput } from "./redhat/schema";
import { suseInput } from "./suse/schema";
import { ubuntuInput } from "./ubuntu/schema";

/** The installers there are, each with an answer format of its own, and the input that only it has. */
export const familyInputs = {
  debian: debianInput,
  ubuntu: ubuntuInput,
  redhat: redhatInput,
  suse: suseInput,
  agama: agamaInput,
};

export const familyIds = z.strictObject(familyInputs).keyof().options;
