import { setImmediate as giveWay, setTimeout as sleep } from 'node:timers/promises'

import type { EventQueue } from '../write/event-queue.ts'
import type { FeatNevents } from '../write/feat-nevents.ts'
import type { FrameBlockReader, RecordSource } from './record-source.ts'
import { mixSeed, SeededRandom } from './simulated-instrument-random.ts'

const BLOCK_BYTES = 2 * 2 ** 20
const MAX_BLOCK_FRAMES = 100
/** Node takes longer ones for no time at all. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export interface Delivery {
  readonly source: RecordSource
  readonly eventQueue: EventQueue
  readonly featNevents: FeatNevents
  /** Readers that work side by side. */
  readonly readers: number
  /** Frames a second; null: as fast as they are taken. */
  readonly rate: number | null
  /** Seeds the order in which the frames of a block arrive. */
  readonly seed: number
  /** Raised: no new frames; those that were begun still arrive. */
  readonly stopSignal: AbortSignal
}

/**
 * Puts all frames of a source into the event queue, out of order as a real instrument's pipeline does: several readers take
 * blocks of frames in turn, and each puts the frames of its block in a random (seeded) order. Closes the queue at the end; a
 * failure of the source fails the queue.
 */
export async function deliverFrames(delivery: Delivery): Promise<void> {
  const { eventQueue, featNevents, source } = delivery
  const blocks = new BlockCounter(source)
  try {
    await Promise.all(Array.from({ length: delivery.readers }, () => deliverBlocks(delivery, blocks)))
    // After a stop the recording ends behind the last block that was begun; all of it has arrived.
    if (blocks.next < source.frameCount) featNevents.endAt(blocks.next)
    eventQueue.close()
  } catch (error) {
    eventQueue.fail(error)
  }
}

/** Hands out blocks of frames, each once. */
class BlockCounter {
  next = 0
  readonly #frameCount: number
  readonly #blockFrames: number

  constructor(source: RecordSource) {
    this.#frameCount = source.frameCount
    const eventsPerFrame = source.totalEvents / Math.max(1, source.frameCount)
    const frameBytes = Math.max(1, source.eventBytes * eventsPerFrame)
    this.#blockFrames = Math.min(MAX_BLOCK_FRAMES, Math.max(1, Math.floor(BLOCK_BYTES / frameBytes)))
  }

  take(): { readonly start: number; readonly stop: number } | undefined {
    const start = this.next
    if (start >= this.#frameCount) return undefined
    this.next = Math.min(start + this.#blockFrames, this.#frameCount)
    return { start, stop: this.next }
  }
}

async function deliverBlocks(delivery: Delivery, blocks: BlockCounter): Promise<void> {
  const reader = await delivery.source.openReader()
  const started = performance.now()
  while (!delivery.stopSignal.aborted) {
    const block = blocks.take()
    if (block === undefined) return
    if (delivery.rate !== null)
      await waitUntil(started + (block.start / delivery.rate) * 1000, delivery.stopSignal)
    await deliverBlock(delivery, reader, block)
    // A source that never waits would keep signals, timers and the disk's answers from their turn.
    await giveWay()
  }
}

async function deliverBlock(
  { eventQueue, featNevents, source, seed }: Delivery,
  reader: FrameBlockReader,
  { start, stop }: { readonly start: number; readonly stop: number },
): Promise<void> {
  const frames = await reader.readFrames(start, stop)
  for (const position of shufflePositions(frames.length, mixSeed(seed, start))) {
    const frameIndex = start + position
    featNevents.set(frameIndex, source.countEvents(frameIndex))
    await eventQueue.give(frameIndex, frames[position] ?? new Map())
  }
}

async function waitUntil(timeMs: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const waitMs = timeMs - performance.now()
    if (waitMs <= 0 || signal.aborted) return
    await sleep(Math.min(waitMs, LONGEST_TIMER_MS), undefined, { signal }).catch((error: unknown) => {
      // A stop ends the wait; the block that was taken still arrives.
      if (!signal.aborted) throw error
    })
  }
}

/** Fisher-Yates: the numbers 0 to count - 1 in an order that the seed decides. */
function shufflePositions(count: number, seed: number): number[] {
  const random = new SeededRandom(seed)
  const positions = Array.from({ length: count }, (_, i) => i)
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random.uniform() * (last + 1))
    ;[positions[last], positions[other]] = [positions[other] ?? other, positions[last] ?? last]
  }
  return positions
}
