import type { WeirError } from '../errors.ts'
import type { Job } from '../jobs/job-schema.ts'

/** A job before it is checked, or why there is none for an input. */
export type PlannedJob =
  | { readonly kind: 'job'; readonly job: Job }
  | {
      readonly kind: 'refused'
      readonly input: string | null
      readonly output: string | null
      readonly error: WeirError
    }

export interface JobPaths {
  readonly input: string | null
  readonly output: string | null
}

/** What a job reads, what it writes. */
export function pathsOf(planned: PlannedJob): JobPaths {
  if (planned.kind === 'refused') return { input: planned.input, output: planned.output }
  const { job } = planned
  if (job.task === 'rewrite') return { input: job.input, output: job.output }
  return { input: job.source.kind === 'replay' ? job.source.file : null, output: job.output }
}
