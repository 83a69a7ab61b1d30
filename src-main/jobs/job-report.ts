import { z } from 'zod'
import type { ErrorData, Warning } from '../errors.ts'
import { verificationSchema } from './job-schema.ts'

/** What a job tells of itself, as it crosses the border of its process: strict, and every text of bounded length. */

const MAX_CODE = 64
/** Windows takes paths of up to 32,767 characters. */
const MAX_PATH = 32_768
const MAX_TEXT = 16_384

const count = z.int().min(0)
const seconds = z.number().min(0)
const share = z.number().min(0).max(1)
const path = z.string().max(MAX_PATH)
const detail = z.union([z.string().max(MAX_TEXT), z.number()])

export const jobPhaseSchema = z.enum(['check', 'copy', 'record', 'metadata', 'verify', 'commit'])

/** The figures of a running job; at most 10 times a second and once at each change of phase. */
export const jobProgressSchema = z.strictObject({
  phase: jobPhaseSchema,
  /** Chunks of feature data waiting in the write queue, and their bytes. */
  writeQueueSize: count,
  queuedBytes: count,
  queueLimitBytes: count,
  writtenEvents: count,
  totalEvents: count,
  writtenFrames: count,
  totalFrames: count,
  bytesRead: count,
  bytesWritten: count,
  /** Bytes of the output that were read back and compared; only while `phase` is `verify`. */
  verifiedBytes: count,
  /** Share of the last interval in which the filter threads were busy, 0 to 1; what limits a job shows in it. */
  filterLoad: share,
  /** Share of the last interval in which at least one write to the disk was under way, 0 to 1. */
  diskLoad: share,
  /** Since the job started. */
  seconds,
})

/** A job whose input, output and settings were found good, before anything is written. */
export const checkedFiguresSchema = z.strictObject({
  input: path.nullable(),
  output: path,
  totalEvents: count,
  estimatedBytes: count,
})

const keptSchema = z.strictObject({ kept: count, total: count })

/** What of an input is in the output. */
export const contentFiguresSchema = z.strictObject({
  inputEvents: count,
  /** Of those that the input has itself. */
  features: keptSchema,
  /** Features that came from basins. */
  copiedIn: count,
  /** Names of features that are not in the output, the first 200. */
  leftOut: z.array(z.string().max(200)).max(200),
  logs: keptSchema,
  tables: keptSchema,
  basins: keptSchema,
  /** Bytes that what was left out takes in the input; null: not summed up. */
  leftOutBytes: count.nullable(),
})

/** How far a recording came. */
export const recordingFiguresSchema = z.strictObject({
  frames: count,
  totalFrames: count,
  /** It was told to end before the last frame. */
  isStopped: z.boolean(),
  /** While frames came. */
  seconds,
})

/** How a job that came to its end ended; its warnings were told before. */
export const outcomeFiguresSchema = z.strictObject({
  output: path,
  events: count,
  bytesRead: count,
  bytesWritten: count,
  seconds,
  verification: verificationSchema,
  /** Size of the input file; null where there is none. */
  inputBytes: count.nullable(),
  /** What the verification compared, chunk by chunk, with the SHA-256 of what went in; 0 where it was left out. */
  comparedChunks: count,
  comparedBytes: count,
  /** Datasets with one row an event that the output has, and those of them of which the chunks went over as they are stored. */
  features: count,
  featuresAsStored: count,
  /** Null: there is no single input, or an earlier version did not tell. */
  content: contentFiguresSchema.nullable(),
  /** Only of a recording. */
  recording: recordingFiguresSchema.nullable(),
})

export const warningSchema = z.strictObject({
  code: z.string().max(MAX_CODE),
  message: z.string().max(MAX_TEXT),
  path,
  object: path.optional(),
  events: count.optional(),
  time: z.string().max(MAX_CODE).optional(),
})

export const errorDataSchema = z.strictObject({
  code: z.string().max(MAX_CODE),
  message: z.string().max(MAX_TEXT),
  path: path.nullable(),
  object: path.exactOptional(),
  offset: z.number().exactOptional(),
  expected: detail.exactOptional(),
  actual: detail.exactOptional(),
})

export type JobPhase = z.infer<typeof jobPhaseSchema>
export type JobProgress = Readonly<z.infer<typeof jobProgressSchema>>
export type ContentFigures = Readonly<z.infer<typeof contentFiguresSchema>>
export type RecordingFigures = Readonly<z.infer<typeof recordingFiguresSchema>>
export type CheckedFigures = Readonly<z.infer<typeof checkedFiguresSchema>>
export type OutcomeFigures = Readonly<z.infer<typeof outcomeFiguresSchema>>

/** The error with every text cut to what the border lets through: what is told of a hostile file may be long. */
export function fitErrorData(error: ErrorData): ErrorData {
  const { object, offset, expected, actual } = error
  return {
    code: error.code.slice(0, MAX_CODE),
    message: fitText(error.message, MAX_TEXT),
    path: error.path === null ? null : fitText(error.path, MAX_PATH),
    ...(object !== undefined && { object: fitText(object, MAX_PATH) }),
    ...(offset !== undefined && Number.isFinite(offset) && { offset }),
    ...(expected !== undefined && { expected: fitDetail(expected) }),
    ...(actual !== undefined && { actual: fitDetail(actual) }),
  }
}

/** The warning with every text cut to what the border lets through. */
export function fitWarning(warning: Warning): Warning {
  const { object, events, time } = warning
  return {
    code: warning.code.slice(0, MAX_CODE),
    message: fitText(warning.message, MAX_TEXT),
    path: fitText(warning.path, MAX_PATH),
    ...(object !== undefined && { object: fitText(object, MAX_PATH) }),
    ...(events !== undefined && { events }),
    ...(time !== undefined && { time }),
  }
}

function fitDetail(value: string | number): string | number {
  if (typeof value === 'string') return fitText(value, MAX_TEXT)
  return Number.isFinite(value) ? value : String(value)
}

function fitText(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 4)} ...`
}
