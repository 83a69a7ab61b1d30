import { throwIfCancelled, type Warning } from '../errors.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import type { WrittenChunk } from '../hdf5/writing/written-file.ts'
import { CopiedObjects } from '../write/copied-objects.ts'
import type { CopyOptions } from '../write/copy-options.ts'
import { reportFilled } from '../write/report-filled.ts'
import { reportRecoded } from '../write/report-recoded.ts'
import { borrowPool } from './borrow-pool.ts'
import { carryBasins } from './carry-basins.ts'
import type { RewriteOrder } from './check-rewrite.ts'
import { chooseRows } from './choose-rows.ts'
import { compareContent } from './content-figures.ts'
import { copyBesideEvents } from './copy-beside-events.ts'
import { copyEventRows } from './copy-event-rows.ts'
import { listExpectedFeatures } from './expected-features.ts'
import { digestFeatures } from './feature-digests.ts'
import { chooseFeatureWays } from './feature-ways.ts'
import { toDatasetKeywords } from './filter-settings.ts'
import { toStorageWish } from './storage-wish.ts'
import { identifyInput, refuseChangedInput } from './input-identity.ts'
import { InputJudge } from './input-judge.ts'
import { InputReading } from './input-reading.ts'
import type { JobContext, JobOutcome } from './job-context.ts'
import type { ContentFigures } from '../jobs/job-report.ts'
import { composeJobLog } from './job-log.ts'
import { describePlans } from './describe-plans.ts'
import { planStorage, type FeatureStorage } from './plan-storage.ts'
import { prepareFeatures } from './prepare-features.ts'
import { ProgressReporter } from './progress-reporter.ts'
import { JobWarnings } from './job-warnings.ts'
import { observeDisk } from './observed-disk.ts'
import { ObservedPool } from './observed-pool.ts'
import { OutputFile } from './output-file.ts'
import { writeRootAttributes } from './rewrite-attributes.ts'
import { explainHole } from './refuse-holes.ts'
import { planRewrite, type RewritePlan } from './rewrite-plan.ts'
import { RewriteSources } from './rewrite-sources.ts'
import { iterateRows } from './row-selection.ts'
import { FeatureStatistics } from './statistics.ts'
import { takeCommonRows } from './take-common-rows.ts'
import type { ComparedFigures } from './verify-output.ts'

/** An input that is being written is read so often from its beginning. */
const MOST_ATTEMPTS = 4

/**
 * Rewrites one measurement: everything into a temporary file, verified, then renamed. On any error or cancel the temporary file
 * is removed and what was there before stays as it was.
 */
export function runRewrite(order: RewriteOrder, context: JobContext): Promise<JobOutcome> {
  return borrowPool(context, order.job.threads, (pool) => rewrite(order, context, pool))
}

async function rewrite(order: RewriteOrder, context: JobContext, pool: FilterPool): Promise<JobOutcome> {
  const { job } = order
  const progress = new ProgressReporter(context)
  progress.figures.totalEvents = order.totalEvents
  const warnings = new JobWarnings(context, order.warnings)
  const startedAt = new Date()
  const parts = { context, progress, pool: new ObservedPool(pool, progress.filterLoad), warnings, startedAt }
  try {
    const figures = await order.watch.read((isGrowing) => {
      const takenJob = isGrowing ? takeCommonRows(job) : job
      return rewriteOnce({ ...parts, order: { ...order, job: takenJob } })
    }, MOST_ATTEMPTS)
    const { bytesRead, bytesWritten } = progress.figures
    const { seconds } = progress
    return {
      output: job.output,
      bytesRead,
      bytesWritten,
      seconds,
      verification: job.verify,
      inputBytes: order.inputFacts.bytes,
      ...figures,
      recording: null,
      warnings: warnings.list,
    }
  } catch (error) {
    throw explainHole(error, job.holes)
  } finally {
    progress.stop()
  }
}

/** Reads the input from its opening on: one that is being written may ask for it more than once. */
async function rewriteOnce(
  parts: Omit<RewriteParts, 'sources' | 'reading' | 'judge'>,
): Promise<RewriteFigures> {
  const { order, context, progress, pool, warnings } = parts
  progress.restart()
  throwIfCancelled(context.signal)
  const { disk } = context
  const reading = new InputReading(order.watch, { disk, warnings })
  const sources = await RewriteSources.open(order.job, { disk, pool })
  const judge = InputJudge.start(order.watch, order.job.verify, context.signal)
  try {
    return await new RewriteRun({ ...parts, sources, reading, judge }).run()
  } finally {
    await judge.close()
    await sources.close()
  }
}

type RewriteFigures = ComparedFigures &
  Pick<JobOutcome, 'events' | 'features' | 'featuresAsStored' | 'content'>

interface RewriteParts {
  readonly order: RewriteOrder
  readonly context: JobContext
  readonly progress: ProgressReporter
  readonly pool: FilterPool
  readonly sources: RewriteSources
  readonly reading: InputReading
  readonly judge: InputJudge
  readonly warnings: JobWarnings
  readonly startedAt: Date
}

interface PlannedCopy {
  readonly plan: RewritePlan
  readonly storages: ReadonlyMap<string, FeatureStorage>
}

interface DoneCopy {
  readonly content: ContentFigures
  /** Features of which all chunks went over untouched. */
  readonly asStored: readonly string[]
}

class RewriteRun {
  readonly #parts: RewriteParts

  constructor(parts: RewriteParts) {
    this.#parts = parts
  }

  async run(): Promise<RewriteFigures> {
    const { order, context, progress, pool, sources } = this.#parts
    const rows = await chooseRows(order.job, sources, context.disk)
    const plan = await planRewrite(order.job, sources, rows)
    progress.figures.totalEvents = plan.selection.count
    const { compression } = order.job
    const ways = await chooseFeatureWays(plan, toStorageWish(compression))
    const { signal } = context
    const storages = await planStorage(plan.rowFeatures, ways, { compression, pool, signal })
    const output = await OutputFile.create(order.target, {
      disk: observeDisk(context.disk, progress.diskLoad),
      pool,
      task: 'rewrite',
      reportWarning: this.#parts.warnings.report,
      isVerified: order.job.verify !== 'none',
    })
    try {
      const { asStored, content } = await this.#copy({ plan, storages }, output)
      progress.enter('metadata')
      const written = await output.writer.finish()
      progress.figures.bytesWritten = written.bytes
      await this.#proveInput(plan, output)
      await this.#requireAgreement(plan, output)
      const compared = await output.verifyAndCommit(written, {
        level: order.job.verify,
        context,
        progress,
        expected: listExpectedFeatures(plan),
      })
      const { count: events } = plan.selection
      return {
        ...compared,
        events,
        features: plan.rowFeatures.length + plan.linkedFeatures.length + plan.heapFeatures.length,
        featuresAsStored: asStored.length,
        content,
      }
    } catch (error) {
      await output.discard()
      throw error
    }
  }

  async #proveInput(plan: RewritePlan, output: OutputFile): Promise<void> {
    const { order, context, pool, reading } = this.#parts
    const { input } = order.job
    const isOfInput = ({ name, rows, source }: RewritePlan['rowFeatures'][number]): boolean =>
      source.path === input && (name !== 'index' || rows.isIdentity)
    const { contour } = plan
    await reading.prove(plan.selection.count, {
      output: output.target.temporaryPath,
      features: plan.rowFeatures.filter(isOfInput),
      contours: contour?.source.path === input ? iterateRows(contour.rows) : [],
      pool,
      signal: context.signal,
    })
  }

  /** With the HDF5 library, about what was carried. */
  async #requireAgreement({ contour }: RewritePlan, output: OutputFile): Promise<void> {
    const { judge, warnings } = this.#parts
    const contours =
      contour === undefined || contour.rows.isIdentity ? null : new Set(iterateRows(contour.rows))
    await judge.requireAgreement({ output: output.writer, contours, warnings: warnings.list })
  }

  async #copy({ plan, storages }: PlannedCopy, output: OutputFile): Promise<DoneCopy> {
    const { order, context, progress, sources, pool, warnings } = this.#parts
    const { job, target } = order
    const { measurement } = sources
    const options: CopyOptions = {
      pool,
      dsKwds: toDatasetKeywords(job.compression),
      fallback: measurement.fallback,
      missingChunks: job.holes,
      signal: context.signal,
      reportWarning: warnings.report,
      copied: new CopiedObjects(),
      ...(!plan.selection.isIdentity && { reportLink: warnOfSelected(warnings) }),
    }
    progress.enter('copy')
    const datasets = await prepareFeatures({ measurement, plan, storages, output: output.writer, options })
    const ways = new Map([...storages].map(([name, { way }]) => [name, way]))
    const statistics = new FeatureStatistics(plan)
    const { signal } = context
    const observe = statistics.observe.bind(statistics)
    await copyEventRows({ plan, ways, datasets, output: output.writer, progress, signal, observe })
    progress.enter('metadata')
    statistics.writeTo(datasets)
    await this.#parts.reading.note(plan.selection.count)
    writeRootAttributes({
      measurement,
      plan,
      output: output.writer,
      isWanted: job.metadata.attributes,
      isContinued: order.watch.hasMoved,
      options,
    })
    await copyBesideEvents({
      measurement,
      output: output.writer,
      metadata: job.metadata,
      options,
    })
    await carryBasins({ measurement, plan, output: output.writer, target, options, disk: context.disk })
    for (const file of sources.files) {
      reportRecoded(file, options)
      reportFilled(file, options)
    }
    throwIfCancelled(signal)
    for (const { path, facts } of order.basinFiles) await refuseChangedInput(path, facts, context.disk)
    const content = { measurement, output: output.writer, events: plan.selection.count }
    const figures = await compareContent(content)
    await output.writer.settle()
    const asStored = [...datasets].filter(([, { chunks }]) => areAsStored(chunks)).map(([name]) => name)
    await this.#writeJobLog(output, datasets.size + plan.linkedFeatures.length, { plan, storages, asStored })
    return { content: figures, asStored }
  }

  async #writeJobLog(
    output: OutputFile,
    featureCount: number,
    { plan: { filled, selection }, storages, asStored }: PlannedCopy & Pick<DoneCopy, 'asStored'>,
  ): Promise<void> {
    const { order, context, progress } = this.#parts
    const { job, basinFiles } = order
    const files = []
    for (const path of [job.input, ...basinFiles.map((file) => file.path)])
      files.push(await identifyInput(path, context.disk))
    const lines = composeJobLog({
      task: 'rewrite',
      job: order.job,
      files,
      startedAt: this.#parts.startedAt,
      warnings: this.#parts.warnings.list,
      seconds: progress.seconds,
      result: {
        events: selection.count,
        features: featureCount,
        ...(asStored.length > 0 && { 'copied as stored': asStored }),
        ...describePlans(storages),
        ...(filled.length > 0 && { filled: describeFilled(filled) }),
        ...(job.relink.length > 0 && { relinked: job.relink.map(({ key }) => key) }),
        'bytes read': progress.figures.bytesRead,
        ...(await digestFeatures(output.writer)),
      },
    })
    if (output.writer.root.child('logs')?.kind === 'dataset')
      this.#parts.warnings.report(warnOfNoLog(job.input))
    else await output.storeOwnLog('weir-rewrite', lines, toDatasetKeywords(job.compression))
  }
}

/** Chunks that HDF5 would misread are stored anew among others that are kept. */
function areAsStored(chunks: readonly WrittenChunk[]): boolean {
  return chunks.length > 0 && chunks.every(({ isKept }) => isKept)
}

/** For each basin that was filled in, by its key, where each feature came from. */
function describeFilled(filled: RewritePlan['filled']): Record<string, Record<string, string>> {
  const keys = [...new Set(filled.map(({ key }) => key))]
  return Object.fromEntries(
    keys.map((key) => {
      const features = filled.filter((one) => one.key === key)
      return [key, Object.fromEntries(features.map(({ feature, source }) => [feature.name, source.path]))]
    }),
  )
}

/** The name of the group of logs is taken by what the input has under it. */
function warnOfNoLog(path: string): Warning {
  const message = `${path}: /logs is a dataset, so that the output has no log of how it was made`
  return { code: 'W_LEFT_OUT', message, path, object: '/logs' }
}

/** What lies outside of `events` is expected whole: where it is a feature by another name, it is cut all the same. */
function warnOfSelected(warnings: JobWarnings): NonNullable<CopyOptions['reportLink']> {
  return ({ path, object }, target) => {
    if (object.startsWith('/events/') || !target.startsWith('/events/')) return
    const message = `${path}: ${object} is another name of ${target}: it has the chosen events only`
    warnings.report({ code: 'W_SELECTED', message, path, object })
  }
}
