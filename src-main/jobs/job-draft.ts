import { z } from 'zod'
import {
  MAX_SIMULATED_FRAMES,
  allEventsSchema,
  basinsJobSchema,
  compressionSchema,
  eventRangeSchema,
  pathStyleSchema,
  recordJobSchema,
  rewriteJobSchema,
} from './job-schema.ts'
import { NAME_TOKENS } from './name-tokens.ts'
import { collisionSchema, tokenSchema } from './queue-view.ts'

/** Jobs as the window asks for them: files and folders by their tokens, so that no path comes from the page. */

/** A selection of events; a list of them is a file by its token. */
export const eventChoiceSchema = z.discriminatedUnion('kind', [
  allEventsSchema,
  eventRangeSchema,
  z.strictObject({ kind: z.literal('indices'), file: tokenSchema }),
])

/** Settings of a rewrite that are no paths and that the window offers. */
export const rewriteSettingsSchema = rewriteJobSchema
  .omit({
    task: true,
    input: true,
    output: true,
    outputRoot: true,
    overwrite: true,
    relink: true,
  })
  .extend({ events: eventChoiceSchema })

export const recordSettingsSchema = recordJobSchema
  .pick({ seed: true, threshold: true, verify: true, threads: true })
  .extend({ compression: compressionSchema })

export const outputChoiceSchema = z.strictObject({
  /** Null: beside the input. */
  folder: tokenSchema.nullable(),
  /** As `{stem}_weir`; the tokens of command-line.md. Never a path. */
  name: z.string().min(1).max(200),
  collision: collisionSchema,
  /**
   * In the chosen folder, each output has the folders that its input has below the one that was added, that one's name first. Without
   * meaning beside the input, for files that were added one by one, and for recordings. Left out of a draft: no; of a change: as it was.
   */
  mirror: z.boolean().exactOptional(),
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
    z.strictObject({ kind: z.literal('simulate'), frames: z.int().min(0).max(MAX_SIMULATED_FRAMES), rate }),
  ]),
  settings: recordSettingsSchema,
  /** Simulated: `folder` must be given. */
  output: outputChoiceSchema,
})

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
  events: eventChoiceSchema,
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
const { features, compression, metadata, basins, addSourceBasin, lengths, holes, verify, threads } =
  rewriteSettingsSchema.shape
const rewriteChangeSchema = rewriteSettingsSchema
  .extend({
    features: features.unwrap(),
    compression: compression.unwrap(),
    metadata: metadata.unwrap(),
    basins: basins.unwrap(),
    addSourceBasin: addSourceBasin.unwrap(),
    lengths: lengths.unwrap(),
    holes: holes.unwrap(),
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
const basinsChangeSchema = z
  .strictObject({ paths: basinsJobSchema.shape.paths.unwrap(), events: eventChoiceSchema })
  .partial()

export const retryOptionsSchema = z.strictObject({
  mayReplace: z.boolean(),
  /** What the job was refused for and takes now: features of different lengths, or a piece that was never written. */
  tolerate: z.enum(['lengths', 'holes']).exactOptional(),
})

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

/** A job that a change left as it was, because its name cannot be made. */
export const refusedJobSchema = z.strictObject({ id: z.string(), ...refusedFileSchema.shape })

export const changedJobsSchema = z.strictObject({ refused: z.array(refusedJobSchema) })

/** Where a job that waits would write, and what stands there now. */
export const outputStateSchema = z.strictObject({
  id: z.string(),
  output: z.string(),
  exists: z.boolean(),
  /** The temporary name, if a file has it. */
  leftoverPath: z.string().nullable(),
})

/** What a job would be called after a change of its output, and what stands in the way. */
export const outputPreviewSchema = z.strictObject({
  id: z.string(),
  /** Null: simulated. */
  input: z.string().nullable(),
  /** Where the job would write now. */
  current: z.string(),
  /** Where it would write then; null: see `failure`. */
  output: z.string().nullable(),
  failure: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  /** The chosen folder that folders of the input are kept in; null: they are not. */
  root: z.string().nullable(),
  /** The folder is not there yet; the job makes it. */
  isNewFolder: z.boolean(),
  /** Why the name has a number: `job`: another job has the name; `input`: it is the file that some job reads; `disk`: a file has it. */
  numberedFor: z.enum(['job', 'input', 'disk']).nullable(),
  /** Something has that name now. */
  exists: z.boolean(),
  /** An unfinished file has its temporary name. */
  hasLeftover: z.boolean(),
  collision: collisionSchema,
  /** Tokens for which the measurement says nothing: `unknown` stands in their place. */
  unknownTokens: z.array(z.enum(NAME_TOKENS)),
})

export type RetryOptions = Readonly<z.infer<typeof retryOptionsSchema>>
export type EventChoice = Readonly<z.infer<typeof eventChoiceSchema>>
export type OutputPreview = Readonly<z.infer<typeof outputPreviewSchema>>
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
export type RefusedJob = Readonly<z.infer<typeof refusedJobSchema>>
export type ChangedJobs = Readonly<z.infer<typeof changedJobsSchema>>
export type AddedJobs = Readonly<z.infer<typeof addedJobsSchema>>
export type OutputState = Readonly<z.infer<typeof outputStateSchema>>
