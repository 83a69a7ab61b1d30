import { test } from '@playwright/test'

/** Numbers from 0 up to 1, always the same for a seed. Source: mulberry32, public domain. */
export function makeRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A seed that the report names; WEIR_TEST_SEED repeats one. */
export function chooseSeed(): number {
  const seed = Number(process.env['WEIR_TEST_SEED'] ?? '20261124')
  test.info().annotations.push({ type: 'seed', description: String(seed) })
  return seed
}
