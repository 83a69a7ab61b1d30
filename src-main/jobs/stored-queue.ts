import { z } from 'zod'
import { assertNever, type ErrorData } from '../errors.ts'
import { isInterrupted, WAITING, type JobLife } from './job-life.ts'
import { errorDataSchema, outcomeFiguresSchema, warningSchema } from './job-report.ts'
import { jobSchema } from './job-schema.ts'
import { collisionSchema } from './queue-view.ts'
import { MAX_JOBS_AT_ONCE, type QueueContent, type QueuedJob } from './queued-job.ts'

/** The queue as text, and back. */

const FORMAT = 'weir-queue'
const VERSION = 1

const envelopeSchema = z.looseObject({ format: z.literal(FORMAT), version: z.int().min(1) })

const contentSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  jobsAtOnce: z.int().min(1).max(MAX_JOBS_AT_ONCE),
  jobs: z.array(z.unknown()),
})

/** Queues of earlier versions do not say how features went over, nor what was left out. */
const storedFiguresSchema = outcomeFiguresSchema.extend({
  features: outcomeFiguresSchema.shape.features.default(0),
  featuresAsStored: outcomeFiguresSchema.shape.featuresAsStored.default(0),
  content: outcomeFiguresSchema.shape.content.default(null),
  recording: outcomeFiguresSchema.shape.recording.default(null),
})

const endSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('waiting') }),
  /** Its process was at work when this was written. */
  z.strictObject({ state: z.literal('started') }),
  z.strictObject({ state: z.literal('done'), figures: storedFiguresSchema }),
  z.strictObject({ state: z.literal('failed'), error: errorDataSchema, lastWords: z.string().nullable() }),
  z.strictObject({ state: z.literal('cancelled'), error: errorDataSchema }),
])

const storedJobSchema = z.strictObject({
  id: z.string().min(1).max(100),
  job: jobSchema,
  collision: collisionSchema,
  /** Queues of earlier versions do not say. */
  inputRoot: z.string().min(1).nullable().default(null),
  wantedName: z.string().min(1).nullable().default(null),
  nameTemplate: z.string().min(1).nullable().default(null),
  end: endSchema,
  warnings: z.array(warningSchema),
  warningCount: z.int().min(0),
  addedAt: z.string(),
  endedAt: z.string().nullable(),
})

type StoredJob = z.infer<typeof storedJobSchema>
type StoredEnd = z.infer<typeof endSchema>

/** What a text holds. `refusedCount`: rows that could not be understood and are not in `content`. */
export type ReadQueue =
  | { readonly kind: 'read'; readonly content: QueueContent; readonly refusedCount: number }
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'corrupt'; readonly reason: string }

export function composeQueue({ jobs, jobsAtOnce }: QueueContent): string {
  const stored = { format: FORMAT, version: VERSION, jobsAtOnce, jobs: jobs.map(storeJob) }
  return `${JSON.stringify(stored, undefined, 1)}\n`
}

/** Never throws. Jobs that were at work come back as failed with E_GONE; none comes back as wanted. */
export function readQueue(text: string): ReadQueue {
  const json = parseJson(text)
  if (json === undefined) return { kind: 'corrupt', reason: 'it is not JSON' }
  const envelope = envelopeSchema.safeParse(json)
  if (!envelope.success) return { kind: 'corrupt', reason: 'it is not a queue of Weir' }
  const { version } = envelope.data
  if (version > VERSION) return { kind: 'newer', version }
  const content = contentSchema.safeParse(json)
  if (!content.success)
    return { kind: 'corrupt', reason: content.error.issues[0]?.message ?? 'not understood' }
  const jobs = readJobs(content.data.jobs)
  const refusedCount = content.data.jobs.length - jobs.length
  return { kind: 'read', content: { jobs, jobsAtOnce: content.data.jobsAtOnce }, refusedCount }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function readJobs(rows: readonly unknown[]): QueuedJob[] {
  const jobs = new Map<string, QueuedJob>()
  for (const row of rows) {
    const parsed = storedJobSchema.safeParse(row)
    if (parsed.success && !jobs.has(parsed.data.id)) jobs.set(parsed.data.id, restoreJob(parsed.data))
  }
  return [...jobs.values()]
}

function storeJob(entry: QueuedJob): StoredJob {
  const { id, job, collision, inputRoot, wantedName, nameTemplate, life, addedAt, endedAt } = entry
  const { warnings, warningCount } = life
  const told = { end: storeEnd(life), warnings: [...warnings], warningCount }
  return { id, job, collision, inputRoot, wantedName, nameTemplate, ...told, addedAt, endedAt }
}

function storeEnd(life: JobLife): StoredEnd {
  switch (life.state) {
    case 'waiting':
      return { state: 'waiting' }
    case 'starting':
    case 'running':
    case 'cancelling':
      return { state: 'started' }
    case 'done':
      return { state: 'done', figures: life.figures }
    case 'failed':
      return { state: 'failed', error: life.error, lastWords: life.lastWords }
    case 'cancelled':
      return { state: 'cancelled', error: life.error }
    default:
      return assertNever(life)
  }
}

function restoreJob(stored: StoredJob): QueuedJob {
  const { id, job, collision, inputRoot, wantedName, nameTemplate, warnings, warningCount } = stored
  const told = { ...WAITING, warnings, warningCount }
  const life = restoreLife(told, stored.end, job.output)
  const isUnfinished = life.state === 'waiting' || isInterrupted(life)
  const { addedAt, endedAt } = stored
  const place = { isReleased: false, isUnfinished, leftoverPath: null }
  return { id, job, collision, inputRoot, wantedName, nameTemplate, life, ...place, addedAt, endedAt }
}

function restoreLife(told: JobLife, end: StoredEnd, output: string): JobLife {
  switch (end.state) {
    case 'waiting':
      return { ...told, state: 'waiting' }
    case 'started':
      return { ...told, state: 'failed', error: describeInterruption(output), lastWords: null }
    case 'done':
    case 'failed':
    case 'cancelled':
      return { ...told, ...end }
    default:
      return assertNever(end)
  }
}

/** The end of a job that Weir did not live to see, or did not wait for. */
export function describeInterruption(output: string): ErrorData {
  return {
    code: 'E_GONE',
    message: `interrupted: Weir ended while ${output} was being written; start the job again`,
    path: output,
  }
}
