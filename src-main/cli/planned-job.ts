import type { WeirError } from '../errors.ts'
import type { Job } from '../jobs/job-schema.ts'
import { inputOf } from '../jobs/plan-output.ts'

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

/** The measurement that a job is about, and what it writes. */
export function pathsOf(planned: PlannedJob): JobPaths {
  if (planned.kind === 'refused') return { input: planned.input, output: planned.output }
  return { input: inputOf(planned.job), output: planned.job.output }
}
