import { z } from 'zod'
import { warningSchema } from './job-report.ts'

/** What a file holds, as the reader process tells main and main the window. Every list and text is bounded where it is made. */

const count = z.int().min(0)

const featureViewSchema = z.strictObject({
  /** As `deform`, `trace/fl1_raw`, `contour`. */
  name: z.string(),
  /** What `features` of a job calls it: the dataset or the whole group (`trace`, `contour`). */
  choice: z.string(),
  isScalar: z.boolean(),
  shape: z.array(count).nullable(),
  dtype: z.string().nullable(),
  /** As `zstd 5, fletcher32`; empty: none. */
  filters: z.string(),
  /** Null: not summed up. */
  storedBytes: count.nullable(),
  rawBytes: count.nullable(),
})

/** A root attribute; `name` is `section:key`, `text` the value as it is shown. */
const attributeViewSchema = z.strictObject({ name: z.string(), text: z.string() })

/**
 * `found`: there is a file; `other`: a file, but another measurement; `missing`: nothing; `unconfirmed`: not looked for, because its
 * folder was neither chosen nor confirmed by the user; `network`: not looked for, because merely asking would contact another computer.
 */
export const basinPathStateSchema = z.enum(['found', 'other', 'missing', 'unconfirmed', 'network'])

const basinPathViewSchema = z.strictObject({
  /** As the definition has it. */
  given: z.string(),
  state: basinPathStateSchema,
  /** The absolute path that was or would be looked at; null: none can be made of it. */
  resolved: z.string().nullable(),
  /** To be confirmed before Weir looks there; null: nothing to confirm. */
  folder: z.string().nullable(),
})

const leafBasinSchema = z.strictObject({
  key: z.string(),
  /** `file`, `internal`, `remote`, or what else the file says. */
  type: z.string(),
  format: z.string(),
  name: z.string().nullable(),
  description: z.string().nullable(),
  features: z.array(z.string()).nullable(),
  mapping: z.string(),
  identifier: z.string().nullable(),
  paths: z.array(basinPathViewSchema),
  urls: z.array(z.string()),
})

/** Of a basin that was found: what its file refers to in turn. */
const innerBasinSchema = leafBasinSchema.extend({ basins: z.array(leafBasinSchema) })
/** Nested two levels deep; what lies deeper is not described. */
const basinViewSchema = leafBasinSchema.extend({ basins: z.array(innerBasinSchema) })

export const fileViewSchema = z.strictObject({
  path: z.string(),
  bytes: count,
  /** Null: the features do not agree. */
  events: count.nullable(),
  identifier: z.string().nullable(),
  attributes: z.array(attributeViewSchema),
  features: z.array(featureViewSchema),
  logs: z.array(z.strictObject({ name: z.string(), lineCount: count })),
  tables: z.array(
    z.strictObject({
      name: z.string(),
      shape: z.array(count),
      columns: z.array(z.string()).nullable(),
      attributes: z.array(attributeViewSchema),
    }),
  ),
  basins: z.array(basinViewSchema),
  otherGroups: z.array(z.string()),
  warnings: z.array(warningSchema),
})

/** The text of a log: the first lines, each cut to a sane length. */
export const logViewSchema = z.strictObject({
  lines: z.array(z.string()),
  lineCount: count,
  isCut: z.boolean(),
})

export type FeatureView = Readonly<z.infer<typeof featureViewSchema>>
export type AttributeView = Readonly<z.infer<typeof attributeViewSchema>>
export type BasinPathView = Readonly<z.infer<typeof basinPathViewSchema>>
export type BasinView = Readonly<z.infer<typeof basinViewSchema>>
export type FileView = Readonly<z.infer<typeof fileViewSchema>>
export type LogView = Readonly<z.infer<typeof logViewSchema>>
