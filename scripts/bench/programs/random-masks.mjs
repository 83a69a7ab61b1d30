// Random masks that can be made again from the number of their frame: what was written can be checked, nothing is kept.

export const maskShape = [80, 320]
export const maskPixels = 80 * 320
/** Frames arrive in this disorder: shuffled within runs of this length, every run in the same way. */
export const runOfFrames = 500

/** Four random bits to four pixels of 0 or 1. */
const pixelsOfBits = Uint32Array.from({ length: 16 }, (_, bits) => spreadBits(bits))

function spreadBits(bits) {
  return (bits & 1) | ((bits & 2) << 7) | ((bits & 4) << 14) | ((bits & 8) << 21)
}

/** Fills `mask` (0 or 1 a pixel, in four-byte words) by xorshift128: random enough that zstd finds nothing, and cheap. */
export function fillMask(frameIndex, mask) {
  let a = Math.imul(frameIndex + 1, 0x9e3779b1)
  let b = 362436069 ^ frameIndex
  let c = 521288629
  let d = 88675123
  for (let round = -8, word = 0; word < mask.length; round++) {
    const mixed = a ^ (a << 11)
    a = b
    b = c
    c = d
    d = d ^ (d >>> 19) ^ mixed ^ (mixed >>> 8)
    // The first rounds still look like the seed.
    if (round < 0) continue
    for (let shift = 0; shift < 32 && word < mask.length; shift += 4)
      mask[word++] = pixelsOfBits[(d >>> shift) & 15]
  }
}

/** The number that goes with the mask. */
export function makeTemperature(frameIndex) {
  return 23 + Math.sin(frameIndex)
}

/** All frame indices in their order of arrival. */
export function* orderFrames(frameCount) {
  const order = shuffle(Array.from({ length: runOfFrames }, (_, place) => place))
  for (let start = 0; start < frameCount; start += runOfFrames)
    for (const place of order) if (start + place < frameCount) yield start + place
}

function shuffle(places) {
  let state = 42
  for (let last = places.length - 1; last > 0; last--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const other = Math.floor((state / 2 ** 32) * (last + 1))
    ;[places[last], places[other]] = [places[other], places[last]]
  }
  return places
}
