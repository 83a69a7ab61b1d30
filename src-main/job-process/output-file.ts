import { throwIfCancelled, type Warning } from '../errors.ts'
import type { DiskPort, ReadableFile } from '../hdf5/disk/disk-port.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import { reserveThread } from '../hdf5/h5wasm/h5wasm-threads.ts'
import { composeNote } from '../hdf5/unfinished-note.ts'
import { FileWriter } from '../hdf5/writing/file-writer.ts'
import type { WrittenFile } from '../hdf5/writing/written-file.ts'
import type { Job, VerificationLevel } from '../jobs/job-schema.ts'
import type { DatasetKeywords } from '../write/default-filters.ts'
import { storeTextLines } from '../write/store-text-lines.ts'
import { BYTE_SHARES } from './byte-shares.ts'
import type { ExpectedFeatures } from './expected-features.ts'
import { isDigested } from './feature-digests.ts'
import type { JobContext } from './job-context.ts'
import { clearLeftover } from './leftover.ts'
import { makeOutputFolders, removeMadeFolders } from './output-folders.ts'
import { commitOutput, settleOutput, type OutputTarget } from './output-target.ts'
import type { ProgressReporter } from './progress-reporter.ts'
import { verifyOutput, type ComparedFigures } from './verify-output.ts'

interface OutputTools {
  readonly disk: DiskPort
  readonly pool: FilterPool
  readonly reportWarning: (warning: Warning) => void
}

export interface OutputOptions extends OutputTools {
  readonly task: Job['task']
  /** Whether it will be verified: then what is written is proven on the way, and features get a digest of their values. */
  readonly isVerified: boolean
}

export interface CommitRequest {
  readonly level: VerificationLevel
  readonly expected?: ExpectedFeatures
  readonly context: JobContext
  readonly progress: ProgressReporter
}

interface OutputParts extends OutputTools {
  /** Folders that were made for the output. */
  readonly madeFolders: readonly string[]
  /** The file itself, whatever becomes of its name. */
  readonly held: ReadableFile
  /** The judge's thread, which gets ready while the file is written, is not needed any more. */
  readonly freeJudge: () => void
}

/** An output under its temporary name, from creation to its end: committed, discarded or kept. */
export class OutputFile {
  readonly #parts: OutputParts
  #isOpen = true
  #isCommitted = false

  private constructor(
    readonly target: OutputTarget,
    readonly writer: FileWriter,
    parts: OutputParts,
  ) {
    this.#parts = parts
  }

  static async create(
    target: OutputTarget,
    { isVerified, task, ...tools }: OutputOptions,
  ): Promise<OutputFile> {
    const { path, root, temporaryPath } = target
    const { disk, pool } = tools
    const madeFolders = root === undefined ? [] : await makeOutputFolders({ path, root }, disk)
    try {
      await clearLeftover(target, tools)
      const writer = await FileWriter.create(disk, temporaryPath, {
        pool,
        proofs: isVerified,
        digestsValuesOf: isDigested,
        inFlightBytes: BYTE_SHARES.inFlight,
        note: await composeNote(task),
      })
      const held = await holdFile(writer, disk)
      const freeJudge = isVerified ? reserveThread() : () => undefined
      return new OutputFile(target, writer, { ...tools, madeFolders, held, freeJudge })
    } catch (error) {
      await removeMadeFolders(madeFolders, disk)
      throw error
    }
  }

  /** Stores the job's own log under this name, or with `_2`, `_3` ... where the source has brought logs of earlier jobs. */
  async storeOwnLog(name: string, lines: readonly string[], dsKwds: DatasetKeywords): Promise<void> {
    const logs = this.writer.root.requireGroup('logs')
    let free = name
    for (let number = 2; logs.links.has(free); number++) free = `${name}_${number}`
    await storeTextLines(logs, free, { lines, dsKwds, isFinal: true })
  }

  /** Proves what was written and gives it its name. The last moment to cancel is just before the rename. */
  async verifyAndCommit(
    written: WrittenFile,
    { level, expected, context, progress }: CommitRequest,
  ): Promise<ComparedFigures> {
    const { target } = this
    const { disk, pool, held, freeJudge } = this.#parts
    await this.close()
    progress.enter('verify')
    const compared = await verifyOutput({
      path: target.temporaryPath,
      written,
      level,
      expected,
      disk,
      pool,
      signal: context.signal,
      onBytes: (byteCount) => (progress.figures.verifiedBytes += byteCount),
    })
    freeJudge()
    progress.enter('commit')
    throwIfCancelled(context.signal)
    await commitOutput(target, { file: held, bytes: written.bytes }, disk)
    this.#isCommitted = true
    await settleOutput(target, disk)
    await held.close()
    return compared
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    await this.writer.close()
  }

  /**
   * Takes the unfinished file away, and nothing else that may have its name now. The job's own error matters more than one of cleaning up,
   * which is told as a warning.
   */
  async discard(): Promise<void> {
    const { disk, madeFolders, held, reportWarning, freeJudge } = this.#parts
    freeJudge()
    const path = this.target.temporaryPath
    try {
      await this.close().catch(() => undefined)
      if (!this.#isCommitted && (await this.#isOwn(path))) await disk.remove(path)
      await held.close()
      await removeMadeFolders(madeFolders, disk)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      const message = `the temporary file ${path} could not be removed: ${reason}`
      reportWarning({ code: 'W_LEFTOVER', message, path })
    }
  }

  /** Leaves the file as it is, under the name that it has; gives that name. Undefined: another program has taken it away. */
  async keep(): Promise<string | undefined> {
    const { path, temporaryPath } = this.target
    this.#parts.freeJudge()
    // Where closing fails, what it failed for was told when it was written.
    await this.close().catch(() => undefined)
    const name = this.#isCommitted ? path : temporaryPath
    const isThere = await this.#isOwn(name)
    await this.#parts.held.close()
    return isThere ? name : undefined
  }

  async #isOwn(path: string): Promise<boolean> {
    const [own, there] = [await this.#parts.held.facts(), await this.#parts.disk.lookAt(path)]
    return there?.identity === own.identity
  }
}

/** A second hold on a file that was just created, which outlives the writing. A file that cannot be held is not left behind. */
async function holdFile(writer: FileWriter, disk: DiskPort): Promise<ReadableFile> {
  try {
    return await disk.openForRead(writer.path)
  } catch (error) {
    await writer.close()
    await disk.remove(writer.path)
    throw error
  }
}
