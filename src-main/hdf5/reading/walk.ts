import { LIMITS } from '../model.ts'
import { makeDamage } from './damage.ts'
import type { Place } from './damage.ts'
import type { MetadataSource } from './metadata-source.ts'

const LARGEST_WALK_BYTES = 2 ** 30

/**
 * Bounds one walk through linked blocks: every block once (else E_CYCLE), not more blocks than LIMITS.visitedBlocks, and not
 * more bytes than the file has (blocks of a sound file never overlap).
 */
export class Walk {
  private readonly visited = new Set<number>()
  private bytesLeft: number

  constructor(
    source: MetadataSource,
    private readonly place: Place,
  ) {
    this.bytesLeft = Math.min(source.bytes, LARGEST_WALK_BYTES)
  }

  enter(address: number, what: string): void {
    if (this.visited.has(address)) {
      throw makeDamage(
        this.place,
        `cyclic structure: ${what} was already visited`,
        { offset: address },
        'E_CYCLE',
      )
    }
    this.visited.add(address)
    if (this.visited.size > LIMITS.visitedBlocks) {
      throw makeDamage(this.place, `more than ${LIMITS.visitedBlocks} blocks`, { offset: address })
    }
  }

  /** Counts bytes that were parsed. */
  spend(byteCount: number, address: number): void {
    this.bytesLeft -= byteCount
    if (this.bytesLeft < 0) {
      throw makeDamage(this.place, 'blocks overlap: more was read than the file holds', { offset: address })
    }
  }
}
