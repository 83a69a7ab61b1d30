import { Hdf5Error, type Warning } from '../errors.ts'
import type { DiskPort, PathFacts } from '../hdf5/disk/disk-port.ts'
import type { FileWatch } from '../read/file-watch.ts'
import type { JobWarnings } from './job-warnings.ts'
import { lookAgain, type SecondLookRequest } from './second-look.ts'

export type ProofRequest = Omit<SecondLookRequest, 'input' | 'disk'>

/**
 * One reading of an input that another program may be writing: from its opening up to the proof that what was taken is there still.
 * The file was looked at just before, by `FileWatch.read`.
 */
export class InputReading {
  readonly #watch: FileWatch
  readonly #disk: DiskPort
  readonly #warnings: JobWarnings
  readonly #opened: PathFacts | undefined
  readonly #openedAt = new Date()
  #noted: Warning | undefined

  constructor(
    watch: FileWatch,
    { disk, warnings }: { readonly disk: DiskPort; readonly warnings: JobWarnings },
  ) {
    this.#watch = watch
    this.#disk = disk
    this.#warnings = warnings
    this.#opened = watch.facts
  }

  /** Looks at the input; notes, for the log, that it is being written (W_GROWING). `events`: taken of it. */
  async note(events: number): Promise<void> {
    await this.#watch.look()
    if (!this.#watch.isGrowing) return
    this.#noted = this.#watch.describe(events, this.#openedAt)
    this.#warnings.note(this.#noted)
  }

  /**
   * Where the input moved since it was opened: compares it with the output, which is complete. Then tells W_GROWING.
   * Throws E_GROWING for an input that was overwritten (`RowsChanged`), or of which the last rows were not whole: to be read again.
   */
  async prove(events: number, request: ProofRequest): Promise<void> {
    await this.note(events)
    const { path } = this.#watch
    if (this.#watch.hasMovedSince(this.#opened)) {
      const trouble = await this.#watch.read(() => findTrouble({ ...request, input: path, disk: this.#disk }))
      if (trouble !== undefined) throw trouble
    }
    if (this.#noted !== undefined) this.#warnings.tell(this.#noted)
  }
}

/** A difference is an answer; what cannot be read is asked again. */
async function findTrouble(request: SecondLookRequest): Promise<Hdf5Error | undefined> {
  try {
    await lookAgain(request)
    return undefined
  } catch (thrown) {
    if (thrown instanceof Hdf5Error && thrown.code === 'E_GROWING') return thrown
    throw thrown
  }
}
