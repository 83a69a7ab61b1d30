import type { Warning } from '../errors.ts'
import type { JobProgress } from '../job-process/job-context.ts'
import type { JobReporter } from './job-reporter.ts'
import type { JobResult } from './job-result.ts'
import { ProgressThrottle } from './progress-throttle.ts'
import type { TextSink } from './text-sink.ts'
import { toJsonLine } from './to-json-line.ts'

/** One JSON object a line on standard output, and nothing else there. */
export class JsonReporter implements JobReporter {
  readonly #stdout: TextSink
  readonly #throttle: ProgressThrottle

  constructor(stdout: TextSink) {
    this.#stdout = stdout
    this.#throttle = new ProgressThrottle((job, progress) => this.#writeProgress(job, progress), {
      isBusy: () => stdout.isBusy,
    })
  }

  reportProgress(job: number, progress: JobProgress): void {
    this.#throttle.offer(job, progress)
  }

  reportWarning(job: number, warning: Warning): void {
    this.#stdout.write(toJsonLine({ type: 'warning', job, ...toWarningData(warning) }))
  }

  reportRefusal(): void {
    // Its result, which is the only line for it, comes when it is its turn.
  }

  reportResult(result: JobResult): void {
    this.#throttle.flush()
    this.#stdout.write(toJsonLine(toResultData(result)))
  }

  finish(): void {
    // The results have said everything.
  }

  #writeProgress(job: number, progress: JobProgress): void {
    const { phase, writeQueueSize, queuedBytes, queueLimitBytes, writtenEvents, totalEvents } = progress
    const { writtenFrames, totalFrames, bytesRead, bytesWritten, seconds } = progress
    const line = {
      ...{
        type: 'progress',
        job,
        phase,
        writeQueueSize,
        queuedBytes,
        queueLimitBytes,
        writtenEvents,
        totalEvents,
      },
      ...{ writtenFrames, totalFrames, bytesRead, bytesWritten, seconds },
    }
    this.#stdout.write(toJsonLine(line))
  }
}

/** `events` and `time` only where they belong. */
function toWarningData({ code, message, path, object, events, time }: Warning) {
  const growing = { ...(events !== undefined && { events }), ...(time !== undefined && { time }) }
  return { code, message, path, object: object ?? null, ...growing }
}

/** Exactly the documented keys, all of them always there; `findings` and `dryRun` only where they belong. */
function toResultData(result: JobResult) {
  const { job, input, output, status, events, bytesRead, bytesWritten, seconds, verification, error } = result
  return {
    ...{ type: 'result', job, input, output, status, events, bytesRead, bytesWritten, seconds, verification },
    warnings: result.warnings.map((warning) => toWarningData(warning)),
    error,
    ...(result.findings !== undefined && { findings: result.findings }),
    ...(result.dryRun !== undefined && { dryRun: true, ...result.dryRun }),
  }
}
