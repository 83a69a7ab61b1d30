import { isOfOneObject, warnOfUnreadable } from '../read/unreadable.ts'
import type { CopyTarget } from './copy-dataset.ts'
import type { CopyOptions, ObjectPlace } from './copy-options.ts'

/**
 * The one place where it is settled what the failure of a single object does: where the copy was told so (`failures`) and somebody is
 * told of it, the object is taken away again and named in a warning (W_LEFT_OUT), and the rest goes on; else its error ends the copy. What is not the
 * object's own trouble (see `isOfOneObject`), or a failure of the output, is always thrown.
 */
export async function copyOrLeaveOut<T>(
  place: ObjectPlace,
  target: CopyTarget,
  { options, copy }: { readonly options: CopyOptions; readonly copy: () => Promise<T> },
): Promise<T | undefined> {
  try {
    return await copy()
  } catch (thrown) {
    const { reportWarning, failures = 'refuse' } = options
    if (failures === 'refuse' || reportWarning === undefined || !isOfOneObject(thrown)) throw thrown
    target.group.discardChild(target.name)
    const warning = warnOfUnreadable(place.path, place.object, thrown)
    // Only commands that may fill holes say that this is a refusal.
    const isFillable = warning.code === 'W_HOLE' && options.missingChunks === 'refuse'
    const advice = '; --holes fill carries it, with fill values there'
    reportWarning(isFillable ? { ...warning, message: warning.message + advice } : warning)
    return undefined
  }
}
