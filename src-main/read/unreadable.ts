import { WeirError } from '../errors.ts'
import type { Warning } from '../errors.ts'

/** What the disk says concerns the whole file, whatever was read when it said so. */
const OF_THE_DISK: ReadonlySet<string> = new Set(['E_IO', 'E_PERM', 'E_BUSY', 'E_MISSING', 'E_GROWING'])

/**
 * Is this the trouble of the one object that was read: damaged, of a form or behind a filter that Weir does not know, too large? Not a
 * cancel, a mistake of Weir, what is wrong with the output, or a disk that does not answer.
 */
export function isOfOneObject(thrown: unknown): thrown is WeirError {
  if (!(thrown instanceof WeirError) || OF_THE_DISK.has(thrown.code)) return false
  return thrown.tag !== 'Cancelled' && thrown.tag !== 'Internal' && thrown.tag !== 'OutputConflict'
}

/** Says of an object that it is missing in what is made of the file, and why: W_HOLE where a piece was never written, else W_LEFT_OUT. */
export function warnOfUnreadable(path: string, object: string, error: WeirError): Warning {
  return {
    code: error.code === 'E_HOLE' ? 'W_HOLE' : 'W_LEFT_OUT',
    message: `${object} is left out, because it cannot be read: ${error.message}`,
    path,
    object,
  }
}
