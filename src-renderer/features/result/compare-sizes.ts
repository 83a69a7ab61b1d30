/** Before and after, for words and bars. */
export interface SizeComparison {
  readonly kind: 'smaller' | 'larger' | 'same'
  /** Of the size before: how much less or more it is now. */
  readonly share: number
  /** How many times the output fits into the input. */
  readonly ratio: number
  readonly savedBytes: number
  /** Lengths of the bars, 0 to 1; the longer one is 1. */
  readonly beforeBar: number
  readonly afterBar: number
}

/** Compares the size of an output with that of its input; null where either is empty or there is no input. */
export function compareSizes(beforeBytes: number | null, afterBytes: number): SizeComparison | null {
  if (beforeBytes === null || beforeBytes === 0 || afterBytes === 0) return null
  const savedBytes = beforeBytes - afterBytes
  const longest = Math.max(beforeBytes, afterBytes)
  return {
    kind: savedBytes > 0 ? 'smaller' : savedBytes < 0 ? 'larger' : 'same',
    share: Math.abs(savedBytes) / beforeBytes,
    ratio: beforeBytes / afterBytes,
    savedBytes,
    beforeBar: beforeBytes / longest,
    afterBar: afterBytes / longest,
  }
}
