import { assertNever, InvalidInput, ProcessGone, type WeirError } from '../errors.ts'
import type { BasinPathReport, RelinkReport } from './basin-report.ts'
import type { FileView, LogView } from './file-view.ts'
import type { IndexListView } from './index-list-view.ts'
import type { ProcessExit } from './job-life.ts'
import { isWithinSize } from './message-size.ts'
import type { ChildPort } from './process-owner.ts'
import { readerAnswerSchema, type ReaderAnswer, type ReaderRequest } from './reader-messages.ts'
import { RestartLimit } from './restart-limit.ts'
import { ToldError } from './told-error.ts'

export interface ReaderOptions {
  /** Starts a process that answers; may throw. */
  readonly fork: () => ChildPort<ReaderRequest>
  /** How a process went that was not ended by this side. */
  readonly onGone?: (exit: ProcessExit) => void
  readonly limit?: RestartLimit
  /** For one answer. */
  readonly answerMs?: number
  /** Without a request, before the process is ended. */
  readonly idleMs?: number
}

export interface BasinPathsRequest {
  readonly paths: readonly string[]
  readonly outputFolder: string
  readonly folders: readonly string[]
}

type Request = ReaderRequest['request']

interface Asked {
  readonly request: Request
  readonly resolve: (answer: ReaderAnswer) => void
  readonly reject: (error: WeirError) => void
}

/**
 * Asks the process that opens files for the window. One file at a time, so that a file that brings the process down, or keeps it
 * busy for ever, fails alone: E_GONE, E_TIMEOUT. Starts the process when it is needed and ends it when it is not.
 */
export class ReaderClient {
  readonly #options: ReaderOptions
  readonly #limit: RestartLimit
  readonly #waiting: Asked[] = []
  #asked: Asked | undefined
  #process: ChildPort<ReaderRequest> | undefined
  #timer: NodeJS.Timeout | undefined
  #number = 0

  constructor(options: ReaderOptions) {
    this.#options = options
    this.#limit = options.limit ?? new RestartLimit()
  }

  /** What the file holds. `folders`: where basins may be looked for, beside the file's own. Rejects with the reader's error, E_GONE or E_TIMEOUT. */
  async describe(path: string, folders: readonly string[]): Promise<FileView> {
    const answer = await this.#ask({ kind: 'describe', path, folders: [...folders] })
    if (answer.kind === 'file') return answer.file
    throw new InvalidInput('E_MESSAGE', `${path}: the process that reads files answered something else`)
  }

  async readLog(path: string, name: string): Promise<LogView> {
    const answer = await this.#ask({ kind: 'log', path, name })
    if (answer.kind === 'log') return answer.log
    throw new InvalidInput('E_MESSAGE', `${path}: the process that reads files answered something else`)
  }

  /** What a list of events holds, and which of the numbers of events it goes beyond. */
  async lookAtIndices(path: string, eventCounts: readonly number[]): Promise<IndexListView> {
    const answer = await this.#ask({ kind: 'look-at-indices', path, eventCounts: [...eventCounts] })
    if (answer.kind === 'indices') return answer.list
    throw new InvalidInput('E_MESSAGE', `${path}: the process that reads files answered something else`)
  }

  /** Is `candidate` the file that the basin `key` of the file needs? Rejects as `describe`, and with E_BASIN for a key that is none. */
  async checkRelink(
    path: string,
    question: { readonly key: string; readonly candidate: string },
  ): Promise<RelinkReport> {
    const answer = await this.#ask({ kind: 'check-relink', path, ...question })
    if (answer.kind === 'relink') return answer.report
    throw new InvalidInput('E_MESSAGE', `${path}: the process that reads files answered something else`)
  }

  /**
   * What becomes of the paths of one basin, in their order; `folders`: where may be looked, beside the output's folder.
   * Rejects with E_GONE or E_TIMEOUT; what the paths or files are wrong in, the reports say.
   */
  async describeBasinPaths({ paths, outputFolder, folders }: BasinPathsRequest): Promise<BasinPathReport[]> {
    const [path, ...alternatives] = paths
    if (path === undefined) return []
    const answer = await this.#ask({
      ...{ kind: 'describe-basin-paths', path, alternatives, outputFolder },
      folders: [...folders],
    })
    if (answer.kind === 'basin-paths') return answer.paths
    throw new InvalidInput('E_MESSAGE', `${path}: the process that reads files answered something else`)
  }

  /** Ends the process; what waits is refused. */
  close(): void {
    const gone = [...(this.#asked ? [this.#asked] : []), ...this.#waiting.splice(0)]
    this.#asked = undefined
    this.#endProcess()
    for (const { request, reject } of gone) reject(describeGone(request.path, 'Weir is quitting'))
  }

  #ask(request: Request): Promise<ReaderAnswer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject })
      this.#goOn()
    })
  }

  #goOn(): void {
    if (this.#asked !== undefined) return
    this.#asked = this.#waiting.shift()
    clearTimeout(this.#timer)
    if (this.#asked !== undefined) this.#post(this.#asked)
    else if (this.#process) this.#wait(this.#options.idleMs ?? 60_000, () => this.#endProcess())
  }

  #post({ request }: Asked): void {
    const { path } = request
    if (this.#limit.isReached(path)) {
      this.#refuse(describeGone(path, 'it brought down the process that reads files again and again'))
      return
    }
    try {
      this.#process ??= this.#start()
    } catch (thrown) {
      this.#refuse(describeGone(path, `no process could be started: ${String(thrown)}`))
      return
    }
    this.#number += 1
    this.#wait(this.#options.answerMs ?? 60_000, () => this.#giveUp())
    this.#process.post({ number: this.#number, request })
  }

  #start(): ChildPort<ReaderRequest> {
    const process = this.#options.fork()
    process.onMessage((value) => {
      if (this.#process === process) this.#hear(value)
    })
    process.onExit((exit) => {
      if (this.#process === process) this.#noteExit(exit)
    })
    return process
  }

  #hear(value: unknown): void {
    const parsed = readerAnswerSchema.safeParse(value)
    if (!parsed.success || !isWithinSize(value)) {
      this.#endProcess()
      this.#fail((path) => describeGone(path, 'the process that reads files spoke no sense'))
      return
    }
    // An answer to what nobody waits for any more.
    if (parsed.data.number !== this.#number || this.#asked === undefined) return
    const { resolve, reject } = this.#asked
    this.#asked = undefined
    const answer = parsed.data
    switch (answer.kind) {
      case 'file':
      case 'log':
      case 'indices':
      case 'relink':
      case 'basin-paths':
        resolve(answer)
        break
      case 'failed':
        reject(new ToldError(answer.error))
        break
      default:
        assertNever(answer)
    }
    this.#goOn()
  }

  #noteExit(exit: ProcessExit): void {
    this.#process = undefined
    this.#options.onGone?.(exit)
    this.#fail((path) =>
      describeGone(path, `the process that read it ended${exit.reason === null ? '' : ` (${exit.reason})`}`),
    )
  }

  #giveUp(): void {
    this.#endProcess()
    this.#fail(
      (path) =>
        new ProcessGone(
          'E_TIMEOUT',
          `${path}: no answer within ${(this.#options.answerMs ?? 60_000) / 1000} s; is it on a drive that does not answer?`,
          { path },
        ),
    )
  }

  #fail(describe: (path: string) => WeirError): void {
    if (this.#asked === undefined) return
    const { path } = this.#asked.request
    this.#limit.note(path)
    this.#refuse(describe(path))
  }

  #refuse(error: WeirError): void {
    const asked = this.#asked
    this.#asked = undefined
    asked?.reject(error)
    this.#goOn()
  }

  #endProcess(): void {
    clearTimeout(this.#timer)
    const process = this.#process
    this.#process = undefined
    process?.kill()
  }

  #wait(limitMs: number, act: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(act, limitMs)
  }
}

function describeGone(path: string, reason: string): ProcessGone {
  return new ProcessGone('E_GONE', `${path} could not be looked at: ${reason}`, { path })
}
