import { Cancelled, toErrorData, toWeirError, type ErrorData } from '../errors.ts'
import type { Finding } from '../read/finding.ts'
import type { VerifyReport } from '../read/verify-file.ts'
import type { JobReporter } from './job-reporter.ts'
import { chooseExitCode, makeEmptyResult, type JobResult, type JobStatus } from './job-result.ts'
import { JobWatch } from './job-watch.ts'
import type { Surroundings } from './surroundings.ts'

/** An input that has never been a measurement, or is closed to us, is refused; all other trouble is damage. */
const REFUSALS: ReadonlySet<string> = new Set([
  ...[
    'E_KIND',
    'E_SHORT',
    'E_MAGIC',
    'E_UNFINISHED',
    'E_NOT_RTDC',
    'E_MISSING',
    'E_PERM',
    'E_BUSY',
    'E_NAME',
  ],
])

export interface VerifyRunOptions {
  readonly surroundings: Surroundings
  readonly reporter: JobReporter
  /** A second judge reads every value too. */
  readonly isDeep: boolean
}

/**
 * `weir verify`: each file read whole, one after another. A file with damage or a violation has the status `failed`, so that `done` means
 * good; its first such finding is the result's error. Resolves to the exit code.
 */
export async function runVerify(paths: readonly string[], options: VerifyRunOptions): Promise<number> {
  const statuses: JobStatus[] = []
  for (const [index, path] of paths.entries()) {
    const result = await verifyOne(index + 1, path, options)
    options.reporter.reportResult(result)
    statuses.push(result.status)
  }
  return chooseExitCode(statuses)
}

async function verifyOne(
  job: number,
  path: string,
  { surroundings, reporter, isDeep }: VerifyRunOptions,
): Promise<JobResult> {
  const { signals, tasks } = surroundings
  const paths = { input: path, output: null }
  if (signals.first.aborted) return endVerify(job, paths, new Cancelled())
  const watch = new JobWatch(job, reporter)
  const startedMs = performance.now()
  const seconds = () => (performance.now() - startedMs) / 1000
  try {
    const options = { signal: signals.first, isDeep, reportProgress: watch.noteProgress.bind(watch) }
    return judgeReport(job, await tasks.verifyFile(path, options), seconds())
  } catch (thrown) {
    return { ...endVerify(job, paths, thrown), bytesRead: watch.bytesRead, seconds: seconds() }
  }
}

function judgeReport(job: number, report: VerifyReport, seconds: number): JobResult {
  const { path, events, bytesRead, findings } = report
  const paths = { input: path, output: null, bytesRead, bytesWritten: 0, seconds, verification: null }
  const worst =
    findings.find(({ level }) => level === 'damage') ?? findings.find(({ level }) => level === 'violation')
  const error = worst === undefined ? null : toFindingError(worst, path)
  return { job, ...paths, status: error === null ? 'done' : 'failed', events, warnings: [], error, findings }
}

function toFindingError({ code, message, object, offset }: Finding, path: string): ErrorData {
  return { code, message, path, ...(object !== null && { object }), ...(offset !== undefined && { offset }) }
}

function endVerify(
  job: number,
  paths: { readonly input: string; readonly output: null },
  thrown: unknown,
): JobResult {
  const error = toWeirError(thrown, { path: paths.input })
  const end = { status: chooseStatus(error.code), error: toErrorData(error) }
  return { ...makeEmptyResult(job, paths, end), events: null, findings: [] }
}

function chooseStatus(code: string): JobStatus {
  if (code === 'E_CANCELLED') return 'cancelled'
  return REFUSALS.has(code) ? 'refused' : 'failed'
}
