import { z } from 'zod'

/** A list of events in a text file, as the reader process tells main and main the window. */

const row = z.int().min(0)
const line = z.int().min(1)

export const indexListViewSchema = z.strictObject({
  path: z.string(),
  /** Events that it names before the first error; repetitions count. */
  count: z.int().min(0),
  /** Null: it names none. */
  smallest: row.nullable(),
  largest: row.nullable(),
  /** The first line that is no event index; what comes after it was not looked at. */
  problem: z.strictObject({ line, message: z.string() }).nullable(),
  /** Of the numbers of events that were asked about those that it goes beyond, with the first event that is. */
  beyond: z.array(z.strictObject({ eventCount: z.int().min(0), line, row })),
})

export type IndexListView = Readonly<z.infer<typeof indexListViewSchema>>
