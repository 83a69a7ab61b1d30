import { throwIfCancelled } from '../errors.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import { CopiedObjects } from '../write/copied-objects.ts'
import type { CopyOptions } from '../write/copy-options.ts'
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
import { chooseFeatureWays, type FeatureWay } from './feature-ways.ts'
import { toDatasetKeywords } from './filter-settings.ts'
import { identifyInput, refuseChangedInput } from './input-identity.ts'
import type { JobContext, JobOutcome } from './job-context.ts'
import type { ContentFigures } from '../jobs/job-report.ts'
import { composeJobLog } from './job-log.ts'
import { prepareFeatures } from './prepare-features.ts'
import { ProgressReporter } from './progress-reporter.ts'
import { JobWarnings } from './job-warnings.ts'
import { observeDisk } from './observed-disk.ts'
import { ObservedPool } from './observed-pool.ts'
import { OutputFile } from './output-file.ts'
import { writeRootAttributes } from './rewrite-attributes.ts'
import { planRewrite, type RewritePlan } from './rewrite-plan.ts'
import { RewriteSources } from './rewrite-sources.ts'
import { FeatureStatistics } from './statistics.ts'
import type { ComparedFigures } from './verify-output.ts'

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
  let sources: RewriteSources | undefined
  try {
    progress.enter('check')
    throwIfCancelled(context.signal)
    const ownPool = new ObservedPool(pool, progress.filterLoad)
    sources = await RewriteSources.open(job, { disk: context.disk, pool: ownPool })
    const run = new RewriteRun({ order, context, progress, pool: ownPool, sources, warnings })
    const figures = await run.run()
    const { bytesRead, bytesWritten } = progress.figures
    const { seconds } = progress
    return {
      output: job.output,
      events: order.totalEvents,
      bytesRead,
      bytesWritten,
      seconds,
      verification: job.verify,
      inputBytes: order.inputFacts.bytes,
      ...figures,
      recording: null,
      warnings: warnings.list,
    }
  } finally {
    progress.stop()
    await sources?.close()
  }
}

interface RewriteParts {
  readonly order: RewriteOrder
  readonly context: JobContext
  readonly progress: ProgressReporter
  readonly pool: FilterPool
  readonly sources: RewriteSources
  readonly warnings: JobWarnings
}

interface PlannedCopy {
  readonly plan: RewritePlan
  readonly ways: ReadonlyMap<string, FeatureWay>
  /** Features of which the chunks go over untouched. */
  readonly asStored: readonly string[]
}

class RewriteRun {
  readonly #parts: RewriteParts
  readonly #startedAt = new Date()

  constructor(parts: RewriteParts) {
    this.#parts = parts
  }

  async run(): Promise<ComparedFigures & Pick<JobOutcome, 'features' | 'featuresAsStored' | 'content'>> {
    const { order, context, progress, pool, sources } = this.#parts
    const rows = await chooseRows(order.job, sources, context.disk)
    const plan = await planRewrite(order.job, sources, rows)
    const ways = await chooseFeatureWays(plan, toDatasetKeywords(order.job.compression))
    const asStored = [...ways].filter(([, way]) => way.kind === 'as-stored').map(([name]) => name)
    const output = await OutputFile.create(order.target, {
      disk: observeDisk(context.disk, progress.diskLoad),
      pool,
      task: 'rewrite',
      reportWarning: this.#parts.warnings.report,
      digests: order.job.verify !== 'none',
    })
    try {
      const content = await this.#copy({ plan, ways, asStored }, output)
      progress.enter('metadata')
      const written = await output.writer.finish()
      progress.figures.bytesWritten = written.bytes
      const compared = await output.verifyAndCommit(written, {
        level: order.job.verify,
        context,
        progress,
        expected: listExpectedFeatures(plan),
      })
      return {
        ...compared,
        features: plan.rowFeatures.length + plan.linkedFeatures.length + plan.heapFeatures.length,
        featuresAsStored: asStored.length,
        content,
      }
    } catch (error) {
      await output.discard()
      throw error
    }
  }

  async #copy({ plan, ways, asStored }: PlannedCopy, output: OutputFile): Promise<ContentFigures> {
    const { order, context, progress, sources, pool, warnings } = this.#parts
    const { job, target } = order
    const { measurement } = sources
    const options: CopyOptions = {
      pool,
      dsKwds: toDatasetKeywords(job.compression),
      fallback: measurement.fallback,
      signal: context.signal,
      reportWarning: warnings.report,
      copied: new CopiedObjects(),
    }
    progress.enter('copy')
    const datasets = await prepareFeatures({ measurement, plan, ways, output: output.writer, options })
    const statistics = new FeatureStatistics(plan)
    const { signal } = context
    const observe = statistics.observe.bind(statistics)
    await copyEventRows({ plan, ways, datasets, output: output.writer, progress, signal, observe })
    progress.enter('metadata')
    statistics.writeTo(datasets)
    writeRootAttributes({
      measurement,
      plan,
      output: output.writer,
      isWanted: job.metadata.attributes,
      options,
    })
    await copyBesideEvents({
      measurement,
      output: output.writer,
      metadata: job.metadata,
      options,
    })
    await carryBasins({ measurement, plan, output: output.writer, target, options, disk: context.disk })
    for (const file of sources.files) reportRecoded(file, options)
    throwIfCancelled(signal)
    await refuseChangedInput(job.input, order.inputFacts, context.disk)
    for (const { path, facts } of order.basinFiles) await refuseChangedInput(path, facts, context.disk)
    const content = { measurement, output: output.writer, events: order.totalEvents }
    const figures = await compareContent(content)
    await this.#writeJobLog(output, datasets.size + plan.linkedFeatures.length, { plan, asStored })
    return figures
  }

  async #writeJobLog(
    output: OutputFile,
    featureCount: number,
    { plan: { filled }, asStored }: Pick<PlannedCopy, 'plan' | 'asStored'>,
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
      startedAt: this.#startedAt,
      warnings: this.#parts.warnings.list,
      seconds: progress.seconds,
      result: {
        events: order.totalEvents,
        features: featureCount,
        ...(asStored.length > 0 && { 'copied as stored': asStored }),
        ...(filled.length > 0 && { filled: describeFilled(filled) }),
        ...(job.relink.length > 0 && { relinked: job.relink.map(({ key }) => key) }),
        'bytes read': progress.figures.bytesRead,
        ...(await digestFeatures(output.writer)),
      },
    })
    await output.storeOwnLog('weir-rewrite', lines, toDatasetKeywords(order.job.compression))
  }
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
