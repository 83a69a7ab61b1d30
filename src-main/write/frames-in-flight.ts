import { WakeUp } from './wake-up.ts'

/** Frames that were sent to another process and not taken over there yet, oldest first; bounded in bytes. */
export class FramesInFlight {
  readonly limitBytes: number
  readonly #sent: { readonly frameIndex: number; readonly bytes: number }[] = []
  readonly #changes = new WakeUp()
  #bytes = 0
  #isGivenUp = false

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes
  }

  /** May another frame be sent? One frame larger than the room may, when nothing else is on its way. */
  get hasRoom(): boolean {
    return this.#bytes < this.limitBytes
  }

  /** Index of the oldest frame that was not taken over. */
  get oldest(): number | undefined {
    return this.#sent[0]?.frameIndex
  }

  add(frameIndex: number, bytes: number): void {
    this.#sent.push({ frameIndex, bytes })
    this.#bytes += bytes
  }

  /** So many of the oldest were taken over. */
  take(frames: number): void {
    for (const { bytes } of this.#sent.splice(0, frames)) this.#bytes -= bytes
    this.#changes.wake()
  }

  /** Nothing will be taken over any more: who waits for room goes on. */
  giveUp(): void {
    this.#isGivenUp = true
    this.#changes.wake()
  }

  /** Resolves as soon as there is room, or it was given up. */
  async waitForRoom(): Promise<void> {
    while (!this.#isGivenUp && !this.hasRoom) await this.#changes.wait()
  }
}
