import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunkBuffers } from '../../../../src-main/hdf5/filters/chunk-buffers.ts'
import { ChunkBand } from '../../../../src-main/hdf5/writing/chunk-band.ts'
import { chunkOffset, makeGrid, multiply } from '../../../../src-main/hdf5/writing/chunk-grid.ts'

/** What chunk and place in it the format asks for, element by element. */
function placeElement(position: readonly number[], shape: readonly number[], chunkShape: readonly number[]) {
  let chunk = 0
  let within = 0
  position.forEach((at, axis) => {
    const length = chunkShape[axis]!
    const count = axis === 0 ? 1 : Math.ceil(shape[axis]! / length)
    chunk = chunk * count + (axis === 0 ? 0 : Math.floor(at / length))
    within = within * length + (at % length)
  })
  return { chunk, within }
}

function unravel(index: number, shape: readonly number[]): number[] {
  const position = shape.map(() => 0)
  let rest = index
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    position[axis] = rest % shape[axis]!
    rest = Math.floor(rest / shape[axis]!)
  }
  return position
}

const lengths = fc.integer({ min: 1, max: 6 })
const grids = fc
  .integer({ min: 1, max: 4 })
  .chain((rank) =>
    fc.tuple(
      fc.array(lengths, { minLength: rank, maxLength: rank }),
      fc.array(lengths, { minLength: rank, maxLength: rank }),
      fc.integer({ min: 1, max: 3 }),
    ),
  )

describe('rows in chunks', () => {
  test('every element lies where the format asks for, whatever shapes meet and in whatever pieces the rows come', () => {
    fc.assert(
      fc.property(grids, fc.integer({ min: 1, max: 3 }), ([shape, chunkShape, elementBytes], piece) => {
        const grid = makeGrid(shape, chunkShape, elementBytes)
        const rowCount = Math.min(shape[0]!, grid.bandRows)
        const used = [rowCount, ...shape.slice(1)]
        const rows = Uint8Array.from({ length: rowCount * grid.rowBytes }, (_, i) => 1 + (i % 250))
        const band = new ChunkBand(grid, undefined)
        for (let row = 0; row < rowCount; row += piece) {
          band.add(rows.subarray(row * grid.rowBytes, (row + piece) * grid.rowBytes))
        }
        const chunks = band.finish()
        const expected = chunks.map(() => new Uint8Array(grid.chunkBytes))
        for (let i = 0; i < multiply(used); i += 1) {
          const { chunk, within } = placeElement(unravel(i, used), shape, chunkShape)
          expected[chunk]!.set(rows.subarray(i * elementBytes, (i + 1) * elementBytes), within * elementBytes)
        }
        expect(band.rowCount).toBe(rowCount)
        expect(chunks).toEqual(expected)
      }),
    )
  })

  test('takes only what fits and tells how much that was', () => {
    const band = new ChunkBand(makeGrid([0, 2], [3, 2], 1), undefined)
    expect(band.add(Uint8Array.of(1, 2))).toBe(2)
    expect(band.isFull).toBe(false)
    expect(band.add(Uint8Array.of(3, 4, 5, 6, 7, 8))).toBe(4)
    expect(band.isFull).toBe(true)
    expect([...band.finish()[0]!]).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('fills with the fill value what no row covers', () => {
    const band = new ChunkBand(makeGrid([0, 3], [2, 2], 2), Uint8Array.of(7, 1))
    band.add(Uint8Array.of(1, 0, 2, 0, 3, 0))
    const chunks = band.finish()
    expect([...chunks[0]!]).toEqual([1, 0, 2, 0, 7, 1, 7, 1])
    expect([...chunks[1]!]).toEqual([3, 0, 7, 1, 7, 1, 7, 1])
  })

  test('each chunk has a buffer of its own, because it is given away', () => {
    const band = new ChunkBand(makeGrid([0, 5], [2, 2], 2), undefined)
    const buffers = new Set(band.finish().map((chunk) => chunk.buffer))
    expect(buffers.size).toBe(3)
  })
})

test('a buffer that was used before shows nowhere: rows that come short end in the fill value', () => {
  const grid = makeGrid([0, 2 ** 16], [3, 2 ** 16], 1)
  const used = chunkBuffers.take(grid.chunkBytes)
  chunkBuffers.give(used.fill(9))
  const band = new ChunkBand(grid, undefined)
  band.add(new Uint8Array(2 ** 16).fill(4))
  const [chunk] = band.finish()
  expect(chunk!.buffer).toBe(used.buffer)
  expect(chunk!.subarray(0, 2 ** 16).every((byte) => byte === 4)).toBe(true)
  expect(chunk!.subarray(2 ** 16).every((byte) => byte === 0)).toBe(true)
})

describe('offsets of chunks', () => {
  test('count up row by row of the grid, the first dimension slowest', () => {
    const grid = makeGrid([0, 5, 7], [10, 3, 4], 1)
    expect(grid.chunksPerBand).toBe(4)
    expect([0, 1, 2, 3, 4, 13].map((index) => chunkOffset(grid, index))).toEqual([
      [0, 0, 0],
      [0, 0, 4],
      [0, 3, 0],
      [0, 3, 4],
      [10, 0, 0],
      [30, 0, 4],
    ])
  })
})
