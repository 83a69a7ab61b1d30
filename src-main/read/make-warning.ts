import type { Warning } from '../errors.ts'
import { describeAt } from '../hdf5/reading/damage.ts'

/** A warning about an object of a file; its message is a sentence of file, object and what was found. */
export function makeWarning(
  path: string,
  object: string,
  finding: { readonly code: string; readonly what: string },
): Warning {
  return { code: finding.code, message: describeAt({ path, object }, finding.what, undefined), path, object }
}
