import { expect, test } from 'vitest'
import { deflateSync } from 'node:zlib'
import { fillMask, maskPixels, orderFrames } from '../../../../scripts/bench/programs/random-masks.mjs'

function makeMask(frame) {
  const words = new Uint32Array(maskPixels / 4)
  fillMask(frame, words)
  return new Uint8Array(words.buffer)
}

test('a mask is the same each time for a frame, and another for the next', () => {
  expect(makeMask(7)).toEqual(makeMask(7))
  expect(makeMask(7)).not.toEqual(makeMask(8))
})

test('a mask is 0 or 1 by half, and cannot be made smaller than a bit a pixel', () => {
  const mask = makeMask(0)
  const ones = mask.reduce((sum, pixel) => sum + pixel, 0)
  expect(new Set(mask)).toEqual(new Set([0, 1]))
  expect(Math.abs(ones / maskPixels - 0.5)).toBeLessThan(0.02)
  expect(deflateSync(mask, { level: 9 }).length).toBeGreaterThan(maskPixels / 8)
})

test('frames come out of order within 500, each once, also where the number is not a multiple', () => {
  const order = [...orderFrames(1203)]
  const isSorted = (frames) => frames.every((frame, place) => place === 0 || frames[place - 1] < frame)
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1203 }, (_, frame) => frame))
  expect(isSorted(order)).toBe(false)
  expect(order.slice(0, 500).every((frame) => frame < 500)).toBe(true)
})
