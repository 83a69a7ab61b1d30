import { assertNever, InvalidInput, toErrorData } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import { fitErrorData } from '../jobs/job-report.ts'
import { readerRequestSchema, type ReaderAnswer, type ReaderRequest } from '../jobs/reader-messages.ts'
import { checkRelink } from './check-relink.ts'
import { describeBasinPaths } from './describe-basin-paths.ts'
import { describeFile } from './describe-file.ts'
import { lookAtIndices } from './index-list.ts'
import type { ParentPort } from '../write/parent-port.ts'
import { readLog } from './read-log.ts'

export interface ReaderSurroundings {
  readonly port: ParentPort<ReaderAnswer>
  readonly disk: DiskPort
  /** Ends this process. */
  readonly exit: (code: number) => void
}

/** Number of the answer to what does not even say which request it is. */
const NO_NUMBER = -1

/** Answers every request of the parent with exactly one answer, in whatever order they are ready; goes with the parent. */
export function serveReader({ port, disk, exit }: ReaderSurroundings): void {
  port.onMessage((value) => void answer(value, disk).then((answered) => port.post(answered)))
  port.onClose(() => exit(0))
}

async function answer(value: unknown, disk: DiskPort): Promise<ReaderAnswer> {
  try {
    const { number, request } = readRequest(value)
    return await fulfil(number, request, disk)
  } catch (thrown) {
    return { kind: 'failed', number: findNumber(value), error: fitErrorData(toErrorData(thrown)) }
  }
}

async function fulfil(
  number: number,
  request: ReaderRequest['request'],
  disk: DiskPort,
): Promise<ReaderAnswer> {
  switch (request.kind) {
    case 'describe':
      return { kind: 'file', number, file: await describeFile(disk, request.path, request.folders) }
    case 'describe-basin-paths': {
      const { path, alternatives, outputFolder, folders } = request
      const paths = await describeBasinPaths(disk, { paths: [path, ...alternatives], outputFolder, folders })
      return { kind: 'basin-paths', number, paths }
    }
    case 'log':
      return { kind: 'log', number, log: await readLog(disk, request.path, request.name) }
    case 'look-at-indices':
      return { kind: 'indices', number, list: await lookAtIndices(request, disk) }
    case 'check-relink':
      return { kind: 'relink', number, report: await checkRelink(disk, request) }
    default:
      return assertNever(request)
  }
}

function readRequest(value: unknown): ReaderRequest {
  const parsed = readerRequestSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const place = issue?.path.map(String).join('.').slice(0, 200) ?? ''
  const reason = `${place}: ${issue?.message.slice(0, 500) ?? ''}`
  throw new InvalidInput(
    'E_MESSAGE',
    `the process that reads files was asked for what it does not know: ${reason}`,
  )
}

function findNumber(value: unknown): number {
  const number: unknown =
    typeof value === 'object' && value !== null && 'number' in value ? value.number : undefined
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : NO_NUMBER
}
