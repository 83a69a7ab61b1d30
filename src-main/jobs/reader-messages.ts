import { z } from 'zod'
import { indexListViewSchema } from './index-list-view.ts'
import { basinPathReportsSchema, relinkReportSchema } from './basin-report.ts'
import { errorDataSchema } from './job-report.ts'
import { fileViewSchema, logViewSchema } from './file-view.ts'

/** What main asks the reader process, which opens files for the window so that main never does, and what it answers. */

const path = z.string().min(1).max(32_768)

export const readerRequestSchema = z.strictObject({
  /** Given back with the answer. */
  number: z.int().min(0),
  request: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('describe'),
      path,
      /** Folders in which basins may be looked for, beside the file's own. */
      folders: z.array(path),
    }),
    z.strictObject({ kind: z.literal('log'), path, name: z.string() }),
    z.strictObject({
      kind: z.literal('look-at-indices'),
      path,
      /** Is the list good for measurements of so many events? */
      eventCounts: z.array(z.int().min(0)).max(1000),
    }),
    /** Is `candidate` the file that the basin `key` of the file needs? */
    z.strictObject({ kind: z.literal('check-relink'), path, key: z.string(), candidate: path }),
    z.strictObject({
      kind: z.literal('describe-basin-paths'),
      /** Of one basin, typed or chosen: its path, then its alternatives. */
      path,
      alternatives: z.array(path).max(99),
      /** Where the basin file will be: relative paths start there. */
      outputFolder: path,
      /** Folders in which may be looked, beside the output's. */
      folders: z.array(path),
    }),
  ]),
})

export const readerAnswerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('file'), number: z.int(), file: fileViewSchema }),
  z.strictObject({ kind: z.literal('log'), number: z.int(), log: logViewSchema }),
  z.strictObject({ kind: z.literal('indices'), number: z.int(), list: indexListViewSchema }),
  z.strictObject({ kind: z.literal('relink'), number: z.int(), report: relinkReportSchema }),
  z.strictObject({ kind: z.literal('basin-paths'), number: z.int(), paths: basinPathReportsSchema }),
  z.strictObject({ kind: z.literal('failed'), number: z.int(), error: errorDataSchema }),
])

export type ReaderRequest = Readonly<z.infer<typeof readerRequestSchema>>
export type ReaderAnswer = Readonly<z.infer<typeof readerAnswerSchema>>
