import { Cancelled, Internal, toErrorData, toWeirError } from '../errors.ts'
import type { FeatureReport } from '../read/inspect-dataset.ts'
import { describeReport } from './describe-report.ts'
import { chooseExitCode, EXIT_DONE } from './job-result.ts'
import type { JobReporter } from './job-reporter.ts'
import { makeEmptyResult } from './job-result.ts'
import { stopAtSignal } from './stop-at-signal.ts'
import type { Surroundings } from './surroundings.ts'
import { toJsonLine } from './to-json-line.ts'
import { writeWarning } from './write-message.ts'

/**
 * `weir inspect`: the report, as one line of JSON or as text with the warnings on standard error. A file that cannot be read gives the
 * result line of a refused input in its place. Resolves to the exit code.
 */
export async function runInspect(
  path: string,
  { surroundings, reporter, isJson }: InspectOptions,
): Promise<number> {
  const { stdout, stderr, tasks, signals } = surroundings
  try {
    const report = await stopAtSignal(tasks.inspectFile(path), signals.first)
    if (isJson) {
      stdout.write(toJsonLine({ ...report, features: report.features.map(tellEncoder) }))
      return EXIT_DONE
    }
    stdout.write(describeReport(report))
    for (const warning of report.warnings) writeWarning(stderr, warning)
    return EXIT_DONE
  } catch (thrown) {
    const error = toWeirError(thrown, { path })
    const status = error instanceof Cancelled ? 'cancelled' : error instanceof Internal ? 'failed' : 'refused'
    reporter.reportResult(
      makeEmptyResult(1, { input: path, output: null }, { status, error: toErrorData(error) }),
    )
    return chooseExitCode([status])
  }
}

/** A feature has the keys that are documented; what its zstd was asked for is told where the filter is. */
function tellEncoder({ plan, filters, ...feature }: FeatureReport): object {
  const { name, shape, dtype, chunks, ...rest } = feature
  const told = filters.map((filter) =>
    plan !== undefined && filter.name === 'zstd'
      ? { ...filter, encoder: plan.zstd, order: plan.order }
      : filter,
  )
  return { name, shape, dtype, chunks, filters: told, ...rest }
}

export interface InspectOptions {
  readonly surroundings: Surroundings
  readonly reporter: JobReporter
  readonly isJson: boolean
}
