import { throwIfCancelled, type Warning } from '../errors.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import type { PathFacts } from '../hdf5/disk/disk-port.ts'
import type { RewriteJob } from '../jobs/job-schema.ts'
import { FileWatch, OF_LENGTHS } from '../read/file-watch.ts'
import { borrowPool } from './borrow-pool.ts'
import { chooseRows } from './choose-rows.ts'
import { checkSpace } from './check-space.ts'
import { estimateOutput } from './estimate-output.ts'
import type { CheckedJob, JobContext } from './job-context.ts'
import { checkOutput, refuseSameFiles, type OutputTarget } from './output-target.ts'
import { explainHole, refuseHoles } from './refuse-holes.ts'
import { planRewrite } from './rewrite-plan.ts'
import { runRewrite } from './rewrite-job.ts'
import { RewriteSources, type ReadFile } from './rewrite-sources.ts'
import { takeCommonRows } from './take-common-rows.ts'

/** A rewrite whose input, output and settings are good. */
export interface RewriteOrder {
  readonly job: RewriteJob
  readonly target: OutputTarget
  /** Of the input: from here on it is known whether another program writes it. */
  readonly watch: FileWatch
  /** The input as it was when it was checked. */
  readonly inputFacts: PathFacts
  /** Basins whose values go into the output, as they were then. */
  readonly basinFiles: readonly ReadFile[]
  /** Every file that is read or referred to. */
  readonly reads: readonly string[]
  readonly totalEvents: number
  readonly estimatedBytes: number
  /** Of the check; told again by nobody. */
  readonly warnings: readonly Warning[]
}

/**
 * Finds every reason to refuse a rewrite before anything is written: the input (E_MISSING, E_KIND, E_MAGIC, E_NOT_RTDC, E_LEN, damage),
 * the output (E_SAME, E_EXISTS, E_OUT_*), the choice of features, events and basins (E_FEATURE, E_RANGE, E_BASIN, E_HOLE, E_USAGE).
 */
export async function checkRewrite(job: RewriteJob, context: JobContext): Promise<CheckedJob> {
  const watch = new FileWatch(context.disk, job.input)
  const order = await borrowPool(context, job.threads, (pool) =>
    watch.read(async (isGrowing) => {
      const checked = await checkOrder(isGrowing ? takeCommonRows(job) : job, context, pool)
      const warnings = checked.warnings.filter(({ code }) => !isGrowing || !OF_LENGTHS.has(code))
      return { ...checked, job, watch, warnings }
    }),
  )
  for (const warning of order.warnings) context.reportWarning(warning)
  return {
    input: job.input,
    output: job.output,
    reads: order.reads,
    totalEvents: order.totalEvents,
    estimatedBytes: order.estimatedBytes,
    warnings: order.warnings,
    run: (runContext) => runRewrite(order, runContext),
  }
}

async function checkOrder(
  job: RewriteJob,
  { disk, signal }: JobContext,
  pool: FilterPool,
): Promise<Omit<RewriteOrder, 'watch'>> {
  const input = await disk.openForRead(job.input)
  const inputFacts = await input.facts().finally(() => input.close())
  const inputs = job.events.kind === 'indices' ? [job.input, job.events.file] : [job.input]
  const { output: path, outputRoot: root, overwrite } = job
  const target = await checkOutput({ path, root, overwrite, inputs }, disk)
  throwIfCancelled(signal)
  const sources = await RewriteSources.open(job, { disk, pool })
  const { measurement, basinFiles } = sources
  try {
    const plan = await planRewrite(job, sources, await chooseRows(job, sources, disk))
    await refuseHoles(plan, job.holes, signal)
    const referred = await sources.listReferred(disk)
    await refuseSameFiles(target, referred, disk)
    throwIfCancelled(signal)
    const need = estimateOutput(job, measurement, plan)
    const spaceWarnings = checkSpace(target, need, await disk.freeBytes(target.nearestFolder))
    const warnings = [...measurement.warnings, ...plan.warnings, ...spaceWarnings]
    return {
      job,
      target,
      inputFacts,
      reads: [...inputs, ...referred],
      basinFiles: basinFiles.map(({ path, facts }) => ({ path, facts })),
      totalEvents: plan.selection.count,
      estimatedBytes: need.estimatedBytes,
      warnings,
    }
  } catch (error) {
    throw explainHole(error, job.holes)
  } finally {
    await sources.close()
  }
}
