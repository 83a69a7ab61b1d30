import { basename } from 'node:path'

import { Hdf5Error, throwIfCancelled, type Warning } from '../errors.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import { makeIntegerAttribute, makeTextAttribute } from '../hdf5/writing/attributes.ts'
import { countReads, type CountedDisk } from '../read/counted-disk.ts'
import { appendSelectionToIdentifier } from '../read/identifier.ts'
import { Measurement } from '../read/measurement.ts'
import { listOfferedFeatures } from '../read/offered-features.ts'
import { copyMetadata } from '../write/copy-metadata.ts'
import { BASIN_DESCRIPTION } from '../write/create-with-basins.ts'
import { HDF5Writer } from '../write/hdf5-writer.ts'
import { fromTypedArray, type NdArray } from '../write/nd-array.ts'
import { borrowPool } from './borrow-pool.ts'
import { carrySourceBasins } from './carry-source-basins.ts'
import type { BasinsOrder, OrderedBasin } from './check-basins-job.ts'
import { digestFeatures } from './feature-digests.ts'
import { identifyInput } from './input-identity.ts'
import type { JobContext, JobOutcome } from './job-context.ts'
import { composeJobLog } from './job-log.ts'
import { JobWarnings } from './job-warnings.ts'
import { observeDisk } from './observed-disk.ts'
import { ObservedPool } from './observed-pool.ts'
import { OutputFile } from './output-file.ts'
import { ProgressReporter } from './progress-reporter.ts'
import { iterateRows, selectRows, type RowSelection } from './row-selection.ts'

/** A basin file is small and quickly checked; there is nothing to choose. */
const VERIFICATION = 'standard'

/**
 * Writes a file that refers to others: under a temporary name, verified, then renamed. On any error or cancel the temporary file is removed
 * and what was there before stays as it was.
 */
export function runBasinsJob(order: BasinsOrder, context: JobContext): Promise<JobOutcome> {
  return borrowPool(context, null, (pool) => writeBasins(order, context, pool))
}

async function writeBasins(order: BasinsOrder, context: JobContext, pool: FilterPool): Promise<JobOutcome> {
  const progress = new ProgressReporter(context)
  progress.figures.totalEvents = order.totalEvents
  try {
    progress.enter('check')
    throwIfCancelled(context.signal)
    const ownPool = new ObservedPool(pool, progress.filterLoad)
    const run = new BasinsRun({ order, context, progress, pool: ownPool })
    return await run.run()
  } finally {
    progress.stop()
  }
}

interface BasinsParts {
  readonly order: BasinsOrder
  readonly context: JobContext
  readonly progress: ProgressReporter
  readonly pool: FilterPool
}

class BasinsRun {
  readonly #parts: BasinsParts
  readonly #startedAt = new Date()
  readonly #warnings: JobWarnings
  readonly #counted: CountedDisk

  constructor(parts: BasinsParts) {
    this.#parts = parts
    this.#warnings = new JobWarnings(parts.context, parts.order.warnings)
    this.#counted = countReads(parts.context.disk)
  }

  async run(): Promise<JobOutcome> {
    const { order, context, progress, pool } = this.#parts
    const selection = await selectRows(order.job.events, order.basinRows, context.disk)
    const output = await OutputFile.create(order.target, {
      disk: observeDisk(context.disk, progress.diskLoad),
      pool,
      task: 'basins',
      reportWarning: this.#warnings.report,
      isVerified: true,
    })
    try {
      await this.#write(output, selection)
      const written = await output.writer.finish()
      progress.figures.bytesWritten = written.bytes
      const compared = await output.verifyAndCommit(written, { level: VERIFICATION, context, progress })
      const { bytesRead, bytesWritten } = progress.figures
      return {
        output: order.job.output,
        events: selection.count,
        ...{ bytesRead, bytesWritten, seconds: progress.seconds, verification: VERIFICATION },
        inputBytes: null,
        ...compared,
        features: 0,
        featuresAsStored: 0,
        content: null,
        recording: null,
        warnings: this.#warnings.list,
      }
    } catch (error) {
      await output.discard()
      throw error
    }
  }

  async #write(output: OutputFile, selection: RowSelection): Promise<void> {
    const { order, context, progress } = this.#parts
    progress.enter('metadata')
    const writer = await HDF5Writer.open(output.writer)
    const mapping = selection.isIdentity ? null : composeMapping(selection)
    let identifier: string | null | undefined
    for (const basin of order.basins) {
      throwIfCancelled(context.signal)
      const own = await this.#addBasin(writer, basin, { selection, mapping })
      identifier ??= own
      progress.figures.bytesRead = this.#counted.bytesRead
      await this.#settleGrowing(basin, selection.count)
    }
    const { root } = output.writer
    root.setAttribute(makeIntegerAttribute('experiment:event count', selection.count))
    if (!selection.isIdentity && identifier) {
      const text = appendSelectionToIdentifier(identifier, iterateRows(selection))
      root.setAttribute(makeTextAttribute('experiment:run identifier', text))
    }
    progress.figures.writtenEvents = selection.count
    throwIfCancelled(context.signal)
    await this.#writeJobLog(output)
  }

  /** Of a source that is being written only the rows that it had are referred to: they, and the measurement, must be there still. */
  async #settleGrowing({ source, watch, identifier }: OrderedBasin, events: number): Promise<void> {
    await watch.look()
    if (!watch.isGrowing) return
    const { disk } = this.#parts.context
    const { pool, order } = this.#parts
    const now = await watch.read(async () => {
      const measurement = await Measurement.open(disk, source, { pool })
      const { features } = measurement
      try {
        return { identifier: measurement.identifier, ...measurement.countRows(features, { lengths: 'cut' }) }
      } finally {
        await measurement.close()
      }
    })
    if (now.identifier !== identifier || now.count < order.basinRows.count) {
      const message = `${source} changed while it was read: it is another measurement, or has fewer events, now; start again`
      throw new Hdf5Error('E_GROWING', message, { path: source })
    }
    const warning = watch.describe(events, this.#startedAt)
    this.#warnings.note(warning)
    this.#warnings.tell(warning)
  }

  /** Returns the identifier of the measurement. */
  async #addBasin(
    writer: HDF5Writer,
    { source, paths, watch }: OrderedBasin,
    rows: { readonly selection: RowSelection; readonly mapping: NdArray | null },
  ): Promise<string | null> {
    const { pool, context, order } = this.#parts
    const { disk, signal } = context
    const measurement = await watch.read(() => Measurement.open(this.#counted.disk, source, { pool }))
    const { file, identifier, fallback } = measurement
    const reportWarning = (warning: Warning): void => this.#warnings.report(warning)
    try {
      await copyMetadata(file, writer.h5, { pool, fallback, signal, reportWarning })
      const { folder: outputFolder } = order.target
      await carrySourceBasins({ measurement, writer, ...rows, outputFolder, disk, pool, reportWarning })
      const { mapping } = rows
      const features = await listOfferedFeatures(file)
      const name = basename(source)
      await writer.storeBasin({ name, paths, features, description: BASIN_DESCRIPTION, mapping, identifier })
      return identifier
    } finally {
      await measurement.close()
    }
  }

  async #writeJobLog(output: OutputFile): Promise<void> {
    const { order, context, progress } = this.#parts
    const files = await Promise.all(order.basins.map(({ source }) => identifyInput(source, context.disk)))
    const lines = composeJobLog({
      task: 'basins',
      job: order.job,
      files,
      startedAt: this.#startedAt,
      warnings: this.#warnings.list,
      seconds: progress.seconds,
      result: {
        events: order.totalEvents,
        basins: order.basins.length,
        'bytes read': progress.figures.bytesRead,
        ...(await digestFeatures(output.writer)),
      },
    })
    await output.storeOwnLog('weir-basins', lines, {})
  }
}

/** The selected rows, 0-based. Spec: a mapping is 1-D integers, one for each event. */
function composeMapping(selection: RowSelection): NdArray {
  return fromTypedArray(BigUint64Array.from(iterateRows(selection), (row) => BigInt(row)))
}
