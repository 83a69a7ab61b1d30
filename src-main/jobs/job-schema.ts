import { z } from 'zod'

/** One schema for a job, the same for the window, the command line and `weir run`. Paths are absolute. */

// zod would probe `new Function` otherwise, which a strict content security policy reports.
z.config({ jitless: true })

export const compressionSchema = z.strictObject({
  codec: z.enum(['zstd', 'gzip', 'none']).default('zstd'),
  /** zstd 1 to 22, gzip 0 to 9; without meaning for `none`. */
  level: z.int().min(0).max(22).default(5),
  shuffle: z.boolean().default(false),
  checksum: z.boolean().default(true),
})

export const eventSelectionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({
    kind: z.literal('range'),
    start: z.int().min(0).default(0),
    /** Excluded; null: to the end. */
    stop: z.int().min(0).nullable().default(null),
    step: z.int().min(1).default(1),
  }),
  /** A text file with one 0-based integer a line. */
  z.strictObject({ kind: z.literal('indices'), file: z.string().min(1) }),
])

export const metadataChoiceSchema = z.strictObject({
  attributes: z.boolean().default(true),
  logs: z.boolean().default(true),
  tables: z.boolean().default(true),
})

export const verificationSchema = z.enum(['none', 'standard', 'independent'])

export const rewriteJobSchema = z.strictObject({
  task: z.literal('rewrite'),
  input: z.string().min(1),
  output: z.string().min(1),
  features: z.union([z.enum(['all', 'scalar']), z.array(z.string().min(1)).min(1)]).default('all'),
  events: eventSelectionSchema.default({ kind: 'all' }),
  compression: compressionSchema.prefault({}),
  metadata: metadataChoiceSchema.prefault({}),
  basins: z.enum(['keep', 'drop', 'fill']).default('keep'),
  verify: verificationSchema.default('standard'),
  overwrite: z.boolean().default(false),
  /** Filter threads; null: one a core. */
  threads: z.int().min(1).max(256).nullable().default(null),
})

export const recordSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('replay'),
    file: z.string().min(1),
    /** Frames a second; null: as fast as the writer takes them. */
    rate: z.number().positive().nullable().default(null),
    readers: z.int().min(1).max(64).default(2),
  }),
  z.strictObject({
    kind: z.literal('simulate'),
    frames: z.int().min(0),
    rate: z.number().positive().nullable().default(null),
  }),
])

export const recordJobSchema = z.strictObject({
  task: z.literal('record'),
  output: z.string().min(1),
  source: recordSourceSchema,
  /** Seeds the order of arrival and the simulated instrument. */
  seed: z.int().min(0).default(42),
  /** dcnum: write_threshold, frames sorted and written together. */
  threshold: z.int().min(1).default(500),
  /** JSON file with root attributes to set, `{"section:key": value}`. */
  metadataFile: z.string().min(1).nullable().default(null),
  compression: compressionSchema.prefault({}),
  verify: verificationSchema.default('standard'),
  overwrite: z.boolean().default(false),
  threads: z.int().min(1).max(256).nullable().default(null),
})

export const jobSchema = z.discriminatedUnion('task', [rewriteJobSchema, recordJobSchema])

export type Compression = z.infer<typeof compressionSchema>
export type EventSelection = z.infer<typeof eventSelectionSchema>
export type MetadataChoice = z.infer<typeof metadataChoiceSchema>
export type VerificationLevel = z.infer<typeof verificationSchema>
export type RewriteJob = z.infer<typeof rewriteJobSchema>
export type RecordJob = z.infer<typeof recordJobSchema>
export type Job = z.infer<typeof jobSchema>
