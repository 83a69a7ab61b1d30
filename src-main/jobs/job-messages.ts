import { z } from 'zod'
import { InvalidInput } from '../errors.ts'
import {
  checkedFiguresSchema,
  errorDataSchema,
  outcomeFiguresSchema,
  jobProgressSchema,
  warningSchema,
} from './job-report.ts'
import { jobSchema } from './job-schema.ts'
import { isWithinSize, MAX_MESSAGE_BYTES } from './message-size.ts'

/** What main and the process of a job say to each other; anything else is an error at the end that receives it. */

/** Far more than a list of all features takes. */
const MAX_JOB_CHARACTERS = 4 * 2 ** 20

const toProcessSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('start'),
    job: jobSchema.refine((job) => JSON.stringify(job).length <= MAX_JOB_CHARACTERS, 'too large'),
  }),
  z.strictObject({ kind: z.literal('cancel') }),
  /** A recording: let what was begun arrive, then end in good order. */
  z.strictObject({ kind: z.literal('stop') }),
  /** The end was heard; the process may go. */
  z.strictObject({ kind: z.literal('acknowledge') }),
])

const fromProcessSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('checked'), figures: checkedFiguresSchema }),
  z.strictObject({ kind: z.literal('progress'), progress: jobProgressSchema }),
  z.strictObject({ kind: z.literal('warning'), warning: warningSchema }),
  z.strictObject({ kind: z.literal('done'), figures: outcomeFiguresSchema }),
  z.strictObject({ kind: z.literal('failed'), error: errorDataSchema }),
  /** `error` says which file was kept, and with how many events, where a recording was aborted. */
  z.strictObject({ kind: z.literal('cancelled'), error: errorDataSchema }),
])

export type MessageToProcess = Readonly<z.infer<typeof toProcessSchema>>
export type MessageFromProcess = Readonly<z.infer<typeof fromProcessSchema>>

/** The message that a process received; throws E_MESSAGE if it is none. */
export function readMessageToProcess(value: unknown): MessageToProcess {
  return readMessage(toProcessSchema, value)
}

/** The message that main received from a process; throws E_MESSAGE if it is none. */
export function readMessageFromProcess(value: unknown): MessageFromProcess {
  return readMessage(fromProcessSchema, value)
}

function readMessage<Message>(schema: z.ZodType<Message>, value: unknown): Message {
  if (!isWithinSize(value)) {
    throw new InvalidInput(
      'E_MESSAGE',
      `a message between a job's process and Weir is larger than ${MAX_MESSAGE_BYTES} bytes`,
    )
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const place = issue?.path.map(String).join('.').slice(0, 200) ?? ''
  const reason = `${place === '' ? '' : `${place}: `}${issue?.message.slice(0, 500) ?? ''}`
  throw new InvalidInput('E_MESSAGE', `a job's process and Weir do not understand each other: ${reason}`)
}
