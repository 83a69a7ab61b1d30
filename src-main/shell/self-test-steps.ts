import { setTimeout as delay } from 'node:timers/promises'
import type { WebContents } from 'electron'
import { Internal, type ErrorData } from '../errors.ts'
import { rewriteSettingsSchema } from '../jobs/job-draft.ts'
import type { OutcomeFigures } from '../jobs/job-report.ts'
import type { FileRef, QueueRow } from '../jobs/queue-view.ts'
import { type Reply, requestValues, type RequestChannel, type Requests } from '../../src-preload/contract.ts'

const POLL_MS = 100

/** Asks main as the page does: through the preload, the border and its checks. */
export class PageAsker {
  readonly #contents: Pick<WebContents, 'executeJavaScript'>

  constructor(contents: Pick<WebContents, 'executeJavaScript'>) {
    this.#contents = contents
  }

  /** Throws Internal with the answer's code and message where it is a refusal. */
  async ask<Channel extends RequestChannel>(
    channel: Channel,
    ...given: Requests[Channel]['arguments']
  ): Promise<Requests[Channel]['value']> {
    const method = nameMethod(channel)
    const call = `window.weir.${method}(${given.map((value) => JSON.stringify(value)).join(', ')})`
    // executeJavaScript gives whatever the page's promise resolved to; the bridge promises a reply.
    const reply = (await this.#contents.executeJavaScript(call)) as Reply<unknown>
    if (!reply.ok) throw new Internal(`${method}: ${reply.error.message} (${reply.error.code})`)
    // The schemas are looked up by the channel; the compiler does not follow that.
    return requestValues[channel].parse(reply.value) as Requests[Channel]['value']
  }
}

/** `weir:read-queue` is `readQueue` of the bridge. */
function nameMethod(channel: RequestChannel): string {
  return channel
    .replace('weir:', '')
    .replaceAll(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase())
}

/** A simulated measurement of which the page says that it has events. */
export async function makeSample(page: PageAsker): Promise<FileRef> {
  const sample = await page.ask('weir:make-sample')
  const view = await page.ask('weir:describe-file', sample.token)
  if ((view.events ?? 0) === 0) throw new Internal(`${sample.path}: the sample has no events`)
  return sample
}

/** Puts a rewrite of the file into the queue, starts it, waits for its end. Throws Internal if it does not end as done. */
export async function rewriteInQueue(page: PageAsker, input: FileRef): Promise<OutcomeFigures> {
  const { ids, refused } = await page.ask('weir:add-rewrites', {
    inputs: [input.token],
    settings: rewriteSettingsSchema.parse({ events: { kind: 'all' } }),
    output: { folder: null, name: '{stem}_self-test', collision: 'replace' },
  })
  const [id] = ids
  if (id === undefined) throw new Internal(`the rewrite was refused: ${refused[0]?.message ?? 'no reason'}`)
  await page.ask('weir:start-jobs', ids)
  for (;;) {
    const { rows } = await page.ask('weir:read-queue')
    const figures = readEnd(rows.find((row) => row.id === id))
    if (figures) return figures
    await delay(POLL_MS)
  }
}

function readEnd(row: QueueRow | undefined): OutcomeFigures | undefined {
  if (row === undefined) throw new Internal('the rewrite is no longer in the queue')
  const { life } = row
  switch (life.state) {
    case 'done':
      return requireWhole(life.figures)
    case 'failed':
    case 'cancelled':
      throw new Internal(`the rewrite ended as ${life.state}: ${describe(life.error)}`)
    default:
      return undefined
  }
}

function requireWhole(figures: OutcomeFigures): OutcomeFigures {
  if (figures.events > 0 && figures.comparedChunks > 0) return figures
  throw new Internal(`the rewrite compared ${figures.comparedChunks} chunks of ${figures.events} events`)
}

function describe({ code, message }: ErrorData): string {
  return `${message} (${code})`
}
