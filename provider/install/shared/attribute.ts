import { KvmError } from "../../values/errors";

/** What goes wrong in `work` is an error of that input, unless it names one itself. */
export function attributeTo<T>(property: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof KvmError) || error.property !== undefined) throw error;
    throw new KvmError(error.code, error.reason, { property, cause: error });
  }
}
