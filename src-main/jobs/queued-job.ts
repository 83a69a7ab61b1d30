import type { JobLife } from './job-life.ts'
import type { Job } from './job-schema.ts'
import type { Collision } from './queue-view.ts'

/** One row of the queue. */
export interface QueuedJob {
  readonly id: string
  readonly job: Job
  readonly collision: Collision
  /** The folder in which the input was found when it was added; null: it was added by itself. */
  readonly inputRoot: string | null
  /** What the output was to be called before another one took the name; null: it is called so. */
  readonly wantedName: string | null
  /** What the name was made from, as it was typed; null: nobody typed one, or an earlier version kept no record of it. */
  readonly nameTemplate: string | null
  readonly life: JobLife
  /** Wanted: it runs as soon as there is room. What an earlier session left is not, until somebody says so. */
  readonly isReleased: boolean
  /** An earlier session did not finish it; it is offered again. */
  readonly isUnfinished: boolean
  /** The temporary file that a job which was not done left beside its output. */
  readonly leftoverPath: string | null
  /** ISO 8601, UTC. */
  readonly addedAt: string
  readonly endedAt: string | null
}

/** All that lasts of a queue. */
export interface QueueContent {
  readonly jobs: readonly QueuedJob[]
  readonly jobsAtOnce: number
}

export const MAX_JOBS_AT_ONCE = 16
export const EMPTY_QUEUE: QueueContent = { jobs: [], jobsAtOnce: 1 }
