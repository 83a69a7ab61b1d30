import { z } from 'zod'
import { MAX_JOBS_AT_ONCE } from './queued-job.ts'
import {
  checkedFiguresSchema,
  errorDataSchema,
  jobPhaseSchema,
  jobProgressSchema,
  outcomeFiguresSchema,
  warningSchema,
} from './job-report.ts'
import { jobSchema } from './job-schema.ts'

/** The queue as the window sees it: plain data, paths only to be shown. */

/** Stands for a file or folder that the user chose; only main knows which. */
export const tokenSchema = z.uuid()

export const fileRefSchema = z.strictObject({
  token: tokenSchema,
  /** To be shown; asking for a file takes the token. */
  path: z.string(),
})

/** What happens where a file stands under the name of an output. */
export const collisionSchema = z.enum(['refuse', 'rename', 'replace'])

const toldShape = {
  checked: checkedFiguresSchema.nullable(),
  progress: jobProgressSchema.nullable(),
  warnings: z.array(warningSchema),
  /** All of them; `warnings` holds the first 1000. */
  warningCount: z.int().min(0),
}

/** As `JobLife` of job-life.ts. */
const jobLifeSchema = z.discriminatedUnion('state', [
  z.strictObject({ ...toldShape, state: z.literal('waiting') }),
  z.strictObject({ ...toldShape, state: z.literal('starting'), isStopping: z.boolean() }),
  z.strictObject({
    ...toldShape,
    state: z.literal('running'),
    phase: jobPhaseSchema,
    isStopping: z.boolean(),
  }),
  z.strictObject({ ...toldShape, state: z.literal('cancelling') }),
  z.strictObject({ ...toldShape, state: z.literal('done'), figures: outcomeFiguresSchema }),
  z.strictObject({
    ...toldShape,
    state: z.literal('failed'),
    error: errorDataSchema,
    lastWords: z.string().nullable(),
  }),
  z.strictObject({ ...toldShape, state: z.literal('cancelled'), error: errorDataSchema }),
])

export const queueRowSchema = z.strictObject({
  id: z.string(),
  job: jobSchema,
  /** The measurement that is rewritten or replayed; null: simulated. */
  input: fileRefSchema.nullable(),
  /** The list of events that the job takes; null: it takes none from a file. */
  indexFile: fileRefSchema.nullable(),
  /** The folder in which the input was found when it was added; null: it was added by itself. */
  inputRoot: z.string().nullable(),
  /** What the output was to be called before another one took the name; null: it is called so. */
  wantedName: z.string().nullable(),
  /** What the name was made from, as it was typed; null: not known. */
  nameTemplate: z.string().nullable(),
  collision: collisionSchema,
  life: jobLifeSchema,
  /** Wanted: runs as soon as there is room. */
  isReleased: z.boolean(),
  /** An earlier session did not finish it; it is offered again. */
  isUnfinished: z.boolean(),
  /** The temporary file that a job which was not done left beside its output. */
  leftoverPath: z.string().nullable(),
  /** ISO 8601, UTC. */
  addedAt: z.string(),
  endedAt: z.string().nullable(),
})

export const queueSnapshotSchema = z.strictObject({
  /** Of the last event that is contained; later ones are to be applied. */
  sequence: z.int().min(0),
  /** In the order of the queue. */
  rows: z.array(queueRowSchema),
  jobsAtOnce: z.int().min(1).max(MAX_JOBS_AT_ONCE),
})

/** What the window is told without asking; `sequence` counts by one. */
export const windowEventSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('row'), sequence: z.int(), row: queueRowSchema }),
  /** The figures of a running job: often, and nothing else of the row has changed. */
  z.strictObject({
    kind: z.literal('progress'),
    sequence: z.int(),
    id: z.string(),
    progress: jobProgressSchema,
  }),
  z.strictObject({ kind: z.literal('warning'), sequence: z.int(), id: z.string(), warning: warningSchema }),
  /** Rows that are not named are gone; a new one comes as `row` before it is named here. */
  z.strictObject({ kind: z.literal('order'), sequence: z.int(), ids: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('jobs-at-once'), sequence: z.int(), jobsAtOnce: z.int() }),
  /** Files came by the command line, a second start or the desktop: the window adds them as if they had been chosen. */
  z.strictObject({ kind: z.literal('files-opened'), sequence: z.int(), files: z.array(fileRefSchema) }),
  /** Something that concerns no job: the queue could not be saved, a file was refused. */
  z.strictObject({ kind: z.literal('notice'), sequence: z.int(), warning: warningSchema }),
])

export type Token = z.infer<typeof tokenSchema>
export type FileRef = Readonly<z.infer<typeof fileRefSchema>>
export type Collision = z.infer<typeof collisionSchema>
export type QueueRow = Readonly<z.infer<typeof queueRowSchema>>
export type QueueSnapshot = Readonly<z.infer<typeof queueSnapshotSchema>>
export type WindowEvent = Readonly<z.infer<typeof windowEventSchema>>
