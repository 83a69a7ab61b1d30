import { z } from 'zod'
import { basinPathStateSchema } from './file-view.ts'

/** What becomes of the paths of one basin that a basin file is to name, as the reader process tells main and main the window. */

const count = z.int().min(0)
const text = z.string().max(32_768)

/** One path: the basin's own, or one of its alternatives. Texts out of files are bounded and harmless where they are made. */
export const basinPathReportSchema = z.strictObject({
  /** Exactly as it was typed or chosen. */
  given: text,
  /**
   * `found`: a measurement; `other`: a file, but none of the measurement that the first found path is, or none at all (see `reason`);
   * `missing`: nothing; `unconfirmed`: not looked for, because its folder was neither chosen nor confirmed by the user; `network`: not
   * looked for, because merely asking would contact another computer.
   */
  state: basinPathStateSchema,
  /**
   * The exact absolute path that was or would be looked at, links resolved where it was; null: none can be made of it on this system,
   * or it cannot be shown as it is.
   */
  resolved: text.nullable(),
  /** To be confirmed before Weir looks there; null: nothing to confirm. */
  folder: text.nullable(),
  /** What it gives, sorted, with those of internal basins (not more than can be shown); null unless it could be read. */
  features: z.array(text).max(10_000).nullable(),
  /** Null unless it could be read, and where its features do not agree. */
  events: count.nullable(),
  identifier: text.nullable(),
  /** Why it is `other`; null otherwise. */
  reason: text.nullable(),
})

/** The paths of one basin, in the order in which they were asked for. */
export const basinPathReportsSchema = z.array(basinPathReportSchema).max(100)

export type BasinPathReport = Readonly<z.infer<typeof basinPathReportSchema>>

/** Whether a file is the one that a basin needs, before a copy is written that refers to it. */
export const relinkReportSchema = z.strictObject({
  /** `fits`; `lacks`: the right measurement, without some of the features that the basin should give; `other`: another one, or none. */
  verdict: z.enum(['fits', 'lacks', 'other']),
  identifier: text.nullable(),
  events: count.nullable(),
  /** Features that it should give and does not. */
  missing: z.array(text).max(10_000),
  /** Why it is `other`; null otherwise. */
  reason: text.nullable(),
})

export type RelinkReport = Readonly<z.infer<typeof relinkReportSchema>>
