import { toWeirError } from '../errors.ts'
import type { JobWarnings } from './job-warnings.ts'
import type { OutputFile } from './output-file.ts'

/** Something that an output can do without. */
export interface Dispensable {
  /** The file that it comes from, and what it is there. */
  readonly path: string
  readonly object: string
  write(): Promise<void> | void
  /** Takes away what was begun. */
  undo?(): void
}

/**
 * Writes it, or leaves it out with a warning (W_LEFT_OUT): events that cannot be had again must not be lost for what lies beside them.
 * Throws the failure of the output itself, after which nothing can be written any more, and Cancelled.
 */
export async function writeOrLeaveOut(
  part: Dispensable,
  { output, warnings }: { readonly output: OutputFile; readonly warnings: JobWarnings },
): Promise<void> {
  try {
    await part.write()
  } catch (thrown) {
    const { failure } = output.writer
    if (failure !== undefined) throw failure
    const error = toWeirError(thrown)
    if (error.tag === 'Cancelled') throw error
    part.undo?.()
    const { path, object } = part
    const message = `${object} of ${path} is left out of the recording: ${error.message}`
    warnings.report({ code: 'W_LEFT_OUT', message, path, object })
  }
}
