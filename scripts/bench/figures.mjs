// Medians and ratios of paired runs.

/** The middle of some numbers; the mean of the two in the middle where their count is even. */
export function median(numbers) {
  if (numbers.length === 0) throw new Error('no numbers to take the median of')
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Who goes first changes from run to run: what one leaves behind for the other then falls on both. */
export function orderSides(sides, run) {
  return run % 2 === 0 ? sides : [...sides].reverse()
}

/**
 * How many times faster than `other` Weir was: `factor` other / weir, for each pair, in the middle of the pairs, and of the medians.
 * @param {{ seconds: number }[]} weir
 * @param {{ seconds: number }[]} other
 */
export function compareRuns(weir, other, factor = 1) {
  const each = weir.map(({ seconds }, run) => (factor * other[run].seconds) / seconds)
  return {
    each,
    ofPairs: median(each),
    ofMedians: (factor * medianSeconds(other)) / medianSeconds(weir),
  }
}

export function medianSeconds(runs) {
  return median(runs.map(({ seconds }) => seconds))
}
