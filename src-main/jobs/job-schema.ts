import { z } from 'zod'

/** One schema for a job, the same for the window, the command line and `weir run`. Paths are absolute. */

// zod would probe `new Function` otherwise, which a strict content security policy reports.
z.config({ jitless: true })

/** What a storage plan is to be good for. */
export const storageAimSchema = z.enum(['balanced', 'fast', 'small'])

/**
 * `auto`: a plan for each feature, chosen by trying; `level` and `shuffle` have no meaning for it. Job files of earlier versions that name
 * a level or shuffle without a codec meant zstd.
 */
export const compressionSchema = z.preprocess(
  nameCodec,
  z.strictObject({
    codec: z.enum(['auto', 'zstd', 'gzip', 'none']).default('auto'),
    /** zstd 1 to 22, gzip 0 to 9; without meaning for `none`. */
    level: z.int().min(0).max(22).default(5),
    shuffle: z.boolean().default(false),
    checksum: z.boolean().default(true),
    /** `auto`; left out: balanced. */
    aim: storageAimSchema.optional(),
    /** `auto`: images may be shuffled by frame, which some readers outside of HDF5 return as other images without an error. */
    byFrame: z.boolean().optional(),
  }),
)

function nameCodec(given: unknown): unknown {
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given)
  return isObject && !('codec' in given) && ('level' in given || 'shuffle' in given)
    ? { ...given, codec: 'zstd' }
    : given
}

export const allEventsSchema = z.strictObject({ kind: z.literal('all') })

export const eventRangeSchema = z.strictObject({
  kind: z.literal('range'),
  start: z.int().min(0).default(0),
  /** Excluded; null: to the end. */
  stop: z.int().min(0).nullable().default(null),
  step: z.int().min(1).default(1),
})

export const eventSelectionSchema = z.discriminatedUnion('kind', [
  allEventsSchema,
  eventRangeSchema,
  /** A text file with one 0-based integer a line. */
  z.strictObject({ kind: z.literal('indices'), file: z.string().min(1) }),
])

export const metadataChoiceSchema = z.strictObject({
  attributes: z.boolean().default(true),
  logs: z.boolean().default(true),
  tables: z.boolean().default(true),
})

export const verificationSchema = z.enum(['none', 'standard', 'independent'])

/** Where chosen features hold different numbers of events: E_LEN, or take the rows that all of them have. */
export const lengthChoiceSchema = z.enum(['refuse', 'cut'])

/** Where a piece of a dataset was never written: E_HOLE (what is no feature is left out), or write its fill value. */
export const holeChoiceSchema = z.enum(['refuse', 'fill'])

const basinPathSchema = z.string().min(1).max(32_767)

/** New paths of one basin, in order of preference, as its definition is to name them. */
export const basinLinkSchema = z.strictObject({
  /** Name of its dataset in `basins`. */
  key: z.string().min(1).max(4096),
  paths: z.array(basinPathSchema).min(1).max(100),
})

export const rewriteJobSchema = z.strictObject({
  task: z.literal('rewrite'),
  input: z.string().min(1),
  output: z.string().min(1),
  /** A folder above the output's own: those that are missing between them are made. Left out: the output's folder is there. */
  outputRoot: z.string().min(1).exactOptional(),
  features: z.union([z.enum(['all', 'scalar']), z.array(z.string().min(1)).min(1)]).default('all'),
  events: eventSelectionSchema.default({ kind: 'all' }),
  compression: compressionSchema.prefault({}),
  metadata: metadataChoiceSchema.prefault({}),
  basins: z.enum(['keep', 'drop', 'fill']).default('keep'),
  /** Basins of the input, by their keys, that the output finds elsewhere: these paths take the place of those in the definition. */
  relink: z.array(basinLinkSchema).max(1000).default([]),
  /** The output also refers to the input, for the features that it leaves out. */
  addSourceBasin: z.boolean().default(false),
  lengths: lengthChoiceSchema.default('refuse'),
  holes: holeChoiceSchema.default('refuse'),
  verify: verificationSchema.default('standard'),
  overwrite: z.boolean().default(false),
  /** Filter threads; null: one a core. */
  threads: z.int().min(1).max(256).nullable().default(null),
})

/** Nine hours at the 3,000 frames a second of the simulated camera; the count of each frame is held in memory. */
export const MAX_SIMULATED_FRAMES = 100_000_000

export const recordSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('replay'),
    file: z.string().min(1),
    /** Frames a second; null: as fast as the writer takes them. */
    rate: z.number().positive().nullable().default(null),
    readers: z.int().min(1).max(64).default(2),
    lengths: lengthChoiceSchema.default('refuse'),
    holes: holeChoiceSchema.default('refuse'),
  }),
  z.strictObject({
    kind: z.literal('simulate'),
    frames: z.int().min(0).max(MAX_SIMULATED_FRAMES),
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

/** How paths to basins are written: `both`: absolute, then relative to the output's folder. */
export const pathStyleSchema = z.enum(['absolute', 'relative', 'both'])

/** A basin file: a small file that refers to others. dcnum: `create_with_basins`. */
export const basinsJobSchema = z.strictObject({
  task: z.literal('basins'),
  output: z.string().min(1),
  /** One entry a basin: its path, then alternatives that hold the same measurement. The first that exists is the one that is read. */
  sources: z.array(z.array(basinPathSchema).min(1).max(100)).min(1).max(1000),
  paths: pathStyleSchema.default('both'),
  /** Rows of every basin that the output has as events: a mapping, unless all are taken. */
  events: eventSelectionSchema.default({ kind: 'all' }),
  /** Of every basin, and of the basins beside one another. */
  lengths: lengthChoiceSchema.default('refuse'),
  overwrite: z.boolean().default(false),
})

export const jobSchema = z.discriminatedUnion('task', [rewriteJobSchema, recordJobSchema, basinsJobSchema])

export type Compression = z.infer<typeof compressionSchema>
export type StorageAim = z.infer<typeof storageAimSchema>
export type EventSelection = z.infer<typeof eventSelectionSchema>
export type MetadataChoice = z.infer<typeof metadataChoiceSchema>
export type VerificationLevel = z.infer<typeof verificationSchema>
export type RewriteJob = z.infer<typeof rewriteJobSchema>
export type RecordJob = z.infer<typeof recordJobSchema>
export type BasinsJob = z.infer<typeof basinsJobSchema>
export type BasinLink = z.infer<typeof basinLinkSchema>
export type PathStyle = z.infer<typeof pathStyleSchema>
export type Job = z.infer<typeof jobSchema>
