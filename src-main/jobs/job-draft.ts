import { z } from 'zod'
import {
  basinsJobSchema,
  compressionSchema,
  eventSelectionSchema,
  pathStyleSchema,
  recordJobSchema,
  rewriteJobSchema,
} from './job-schema.ts'
import { collisionSchema, tokenSchema } from './queue-view.ts'

/** Jobs as the window asks for them: files and folders by their tokens, so that no path comes from the page. */

const events = eventSelectionSchema.refine(
  ({ kind }) => kind !== 'indices',
  'lists of events are not offered here',
)

/** Settings of a rewrite that are no paths. */
export const rewriteSettingsSchema = rewriteJobSchema
  .omit({ task: true, input: true, output: true, overwrite: true, relink: true })
  .extend({ events })

export const recordSettingsSchema = recordJobSchema
  .pick({ seed: true, threshold: true, verify: true, threads: true })
  .extend({ compression: compressionSchema })

export const outputChoiceSchema = z.strictObject({
  /** Null: beside the input. */
  folder: tokenSchema.nullable(),
  /** As `{stem}_weir`; the tokens of command-line.md. Never a path. */
  name: z.string().min(1).max(200),
  collision: collisionSchema,
})

export const rewriteDraftSchema = z.strictObject({
  inputs: z.array(tokenSchema).min(1).max(10_000),
  settings: rewriteSettingsSchema,
  output: outputChoiceSchema,
})

const rate = z.number().positive().nullable()

export const recordDraftSchema = z.strictObject({
  source: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('replay'), file: tokenSchema, rate, readers: z.int().min(1).max(64) }),
    z.strictObject({ kind: z.literal('simulate'), frames: z.int().min(0), rate }),
  ]),
  settings: recordSettingsSchema,
  /** Simulated: `folder` must be given. */
  output: outputChoiceSchema,
})

const [allEvents, rangeOfEvents] = eventSelectionSchema.options

/** A path of a basin: a file that the user chose, or one that was typed, which is data until its folder is confirmed. */
export const basinPathDraftSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('file'), file: tokenSchema }),
  z.strictObject({ kind: z.literal('typed'), path: z.string().min(1).max(32_767) }),
])

/** One basin: its path, then alternatives that hold the same measurement. */
export const basinSourceDraftSchema = z.array(basinPathDraftSchema).min(1).max(100)

export const basinFileDraftSchema = z.strictObject({
  sources: z.array(basinSourceDraftSchema).min(1).max(1000),
  paths: pathStyleSchema,
  events: z.discriminatedUnion('kind', [
    allEvents,
    rangeOfEvents,
    z.strictObject({ kind: z.literal('indices'), file: tokenSchema }),
  ]),
  /** Without `folder`: beside the first chosen file. */
  output: outputChoiceSchema,
})

/** A copy of a file whose basins are found elsewhere; everything else stays as it is. */
export const relinkDraftSchema = z.strictObject({
  file: tokenSchema,
  /** Each basin once, by its key, with the file that it is to lead to. */
  links: z
    .array(z.strictObject({ key: z.string().min(1).max(4096), file: tokenSchema }))
    .min(1)
    .max(1000),
  output: outputChoiceSchema,
})

// Without their defaults, which zod would fill in where nothing was named.
const { features, compression, metadata, basins, addSourceBasin, verify, threads } =
  rewriteSettingsSchema.shape
const rewriteChangeSchema = rewriteSettingsSchema
  .extend({
    features: features.unwrap(),
    compression: compression.unwrap(),
    metadata: metadata.unwrap(),
    basins: basins.unwrap(),
    addSourceBasin: addSourceBasin.unwrap(),
    verify: verify.unwrap(),
    threads: threads.unwrap(),
  })
  .partial()

const recordChangeSchema = recordSettingsSchema
  .extend({
    seed: recordSettingsSchema.shape.seed.unwrap(),
    threshold: recordSettingsSchema.shape.threshold.unwrap(),
    verify: verify.unwrap(),
    threads: threads.unwrap(),
  })
  .partial()

/** Of a basin file: what it refers to stays. */
const basinsChangeSchema = z.strictObject({ paths: basinsJobSchema.shape.paths.unwrap(), events }).partial()

/** Only what is named changes. Parts that a job's task does not have are refused. */
export const jobChangeSchema = z.strictObject({
  rewrite: rewriteChangeSchema.exactOptional(),
  record: recordChangeSchema.exactOptional(),
  basins: basinsChangeSchema.exactOptional(),
  output: outputChoiceSchema.partial().exactOptional(),
})

/** A file that was not taken, and why. */
export const refusedFileSchema = z.strictObject({ path: z.string(), code: z.string(), message: z.string() })

export const addedJobsSchema = z.strictObject({
  ids: z.array(z.string()),
  refused: z.array(refusedFileSchema),
})

/** Where a job that waits would write, and what stands there now. */
export const outputStateSchema = z.strictObject({
  id: z.string(),
  output: z.string(),
  exists: z.boolean(),
  /** The temporary name, if a file has it. */
  leftoverPath: z.string().nullable(),
})

export type RewriteSettings = Readonly<z.infer<typeof rewriteSettingsSchema>>
export type RecordSettings = Readonly<z.infer<typeof recordSettingsSchema>>
export type OutputChoice = Readonly<z.infer<typeof outputChoiceSchema>>
export type RewriteDraft = Readonly<z.infer<typeof rewriteDraftSchema>>
export type RecordDraft = Readonly<z.infer<typeof recordDraftSchema>>
export type BasinPathDraft = Readonly<z.infer<typeof basinPathDraftSchema>>
export type BasinFileDraft = Readonly<z.infer<typeof basinFileDraftSchema>>
export type RelinkDraft = Readonly<z.infer<typeof relinkDraftSchema>>
export type JobChange = Readonly<z.infer<typeof jobChangeSchema>>
export type RefusedFile = Readonly<z.infer<typeof refusedFileSchema>>
export type AddedJobs = Readonly<z.infer<typeof addedJobsSchema>>
export type OutputState = Readonly<z.infer<typeof outputStateSchema>>
