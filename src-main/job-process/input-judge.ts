import { Hdf5Error, throwIfCancelled, type Warning } from '../errors.ts'
import type { FileWriter } from '../hdf5/writing/file-writer.ts'
import type { FileWatch } from '../read/file-watch.ts'
import type { Finding } from '../read/finding.ts'
import { SecondJudge } from '../read/second-judge.ts'
import type { VerificationLevel } from '../jobs/job-schema.ts'

/** What of the input lies in the output. */
export interface CarriedObjects {
  readonly output: Pick<FileWriter, 'find'>
  /** Contours that were taken, by their numbers in the input; null: all. */
  readonly contours: ReadonlySet<number> | null
  /** What was told to be left out, or to be doubtful, is not called good. */
  readonly warnings: readonly Warning[]
}

type InputToJudge = Pick<FileWatch, 'path' | 'look' | 'isGrowing'>
type Judge = Pick<SecondJudge, 'findings' | 'close'>

/**
 * Asks the HDF5 library about an input while Weir copies it. An output is not called verified if it holds objects that HDF5 itself does
 * not open in the input: of what they hold there is only Weir's word.
 */
export class InputJudge {
  readonly #watch: InputToJudge
  readonly #judge: Judge | undefined
  readonly #signal: AbortSignal

  /** `judge`: undefined where nobody is asked. */
  constructor(watch: InputToJudge, judge: Judge | undefined, signal: AbortSignal) {
    this.#watch = watch
    this.#judge = judge
    this.#signal = signal
  }

  /** Begins to ask, for all levels but `none`. What is being written changes under the library's eyes; `InputReading` proves what was taken of it. */
  static start(watch: FileWatch, level: VerificationLevel, signal: AbortSignal): InputJudge {
    const isAsked = level !== 'none' && !watch.isGrowing
    return new InputJudge(watch, isAsked ? new SecondJudge(watch.path, signal) : undefined, signal)
  }

  /** Throws E_META (or the judge's own code) for the first object that was carried although the library refuses it. */
  async requireAgreement(carried: CarriedObjects): Promise<void> {
    const findings = (await this.#judge?.findings) ?? []
    // Its thread is the one that judges the output.
    await this.close()
    throwIfCancelled(this.#signal)
    await this.#watch.look()
    if (this.#watch.isGrowing) return
    const finding = findings.find((one) => one.level === 'damage' && isCarried(one, carried))
    if (finding === undefined) return
    const advice = 'the input is damaged: copy it again or use a backup'
    const details = { path: this.#watch.path, object: finding.object ?? '/' }
    throw new Hdf5Error(finding.code, `${finding.message}; ${advice}`, details)
  }

  async close(): Promise<void> {
    await this.#judge?.close()
  }
}

function isCarried({ object }: Finding, { output, contours, warnings }: CarriedObjects): boolean {
  // The file as a whole.
  if (object === null || object === '/') return true
  if (warnings.some((warning) => warning.object?.startsWith(object))) return false
  const contour = /^\/events\/contour\/(\d+)$/.exec(object)
  if (contour && contours !== null) return contours.has(Number(contour[1]))
  return output.find(object) !== undefined
}
