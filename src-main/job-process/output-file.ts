import { throwIfCancelled } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import { FileWriter } from '../hdf5/writing/file-writer.ts'
import type { WrittenFile } from '../hdf5/writing/written-file.ts'
import type { VerificationLevel } from '../jobs/job-schema.ts'
import type { DatasetKeywords } from '../write/default-filters.ts'
import { HDF5Writer } from '../write/hdf5-writer.ts'
import { BYTE_SHARES } from './byte-shares.ts'
import type { JobContext } from './job-context.ts'
import { makeOutputFolders, removeMadeFolders } from './output-folders.ts'
import { commitOutput, removeLeftover, type OutputTarget } from './output-target.ts'
import type { ProgressReporter } from './progress-reporter.ts'
import { composeOwnerNote } from './temporary-owner.ts'
import { verifyOutput, type ComparedFigures } from './verify-output.ts'

interface OutputTools {
  readonly disk: DiskPort
  readonly pool: FilterPool
}

export interface CommitRequest {
  readonly level: VerificationLevel
  readonly context: JobContext
  readonly progress: ProgressReporter
}

/** An output under its temporary name, from creation to its end: committed, discarded or kept. */
export class OutputFile {
  #isOpen = true

  private constructor(
    readonly target: OutputTarget,
    readonly writer: FileWriter,
    readonly tools: OutputTools & {
      /** Folders that were made for the output. */
      readonly madeFolders: readonly string[]
    },
  ) {}

  static async create(
    target: OutputTarget,
    {
      digests,
      ...tools
    }: OutputTools & { /** Of chunks, which verification compares. */ readonly digests: boolean },
  ): Promise<OutputFile> {
    const { path, root } = target
    const madeFolders = root === undefined ? [] : await makeOutputFolders({ path, root }, tools.disk)
    try {
      await removeLeftover(target, tools.disk)
      const writer = await FileWriter.create(tools.disk, target.temporaryPath, {
        pool: tools.pool,
        digests,
        inFlightBytes: BYTE_SHARES.inFlight,
        note: composeOwnerNote(),
      })
      return new OutputFile(target, writer, { ...tools, madeFolders })
    } catch (error) {
      await removeMadeFolders(madeFolders, tools.disk)
      throw error
    }
  }

  /** Stores the job's own log under this name, or with `_2`, `_3` ... where the source has brought logs of earlier jobs. */
  async storeOwnLog(name: string, lines: readonly string[], dsKwds: DatasetKeywords): Promise<void> {
    const logs = this.writer.root.requireGroup('logs')
    let free = name
    for (let number = 2; logs.links.has(free); number++) free = `${name}_${number}`
    const hdf5 = await HDF5Writer.open(this.writer, { dsKwds })
    await hdf5.storeLog(free, lines)
  }

  /** Proves what was written and gives it its name. The last moment to cancel is just before the rename. */
  async verifyAndCommit(
    written: WrittenFile,
    { level, context, progress }: CommitRequest,
  ): Promise<ComparedFigures> {
    await this.close()
    progress.enter('verify')
    const compared = await verifyOutput({
      path: this.target.temporaryPath,
      written,
      level,
      disk: this.tools.disk,
      pool: this.tools.pool,
      signal: context.signal,
      onBytes: (byteCount) => (progress.figures.verifiedBytes += byteCount),
    })
    progress.enter('commit')
    throwIfCancelled(context.signal)
    await commitOutput(this.target, this.tools.disk)
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

  async discard(): Promise<void> {
    try {
      await this.close()
    } finally {
      await this.tools.disk.remove(this.target.temporaryPath)
      await removeMadeFolders(this.tools.madeFolders, this.tools.disk)
    }
  }
}
