import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { expect } from 'vitest'
import type { WrittenFile } from '../../../../src-main/hdf5/writing/file-writer.ts'

/** Expects that blocks and chunks tile the file, and that every block has its hash. */
export async function expectTiled(path: string, written: WrittenFile): Promise<void> {
  const bytes = await readFile(path)
  expect(bytes.byteLength).toBe(written.bytes)
  const chunks = written.datasets.flatMap((dataset) => dataset.chunks)
  const pieces = [
    ...written.blocks.map(({ offset, length }) => ({ offset, length })),
    ...chunks.map(({ address, storedBytes }) => ({ offset: address, length: storedBytes })),
  ].sort((a, b) => a.offset - b.offset)
  let end = 0
  for (const { offset, length } of pieces) {
    expect(offset).toBe(end)
    expect(length).toBeGreaterThan(0)
    end += length
  }
  expect(end).toBe(written.bytes)
  for (const { offset, length, sha256 } of written.blocks) {
    const actual = createHash('sha256')
      .update(bytes.subarray(offset, offset + length))
      .digest()
    expect(actual.equals(sha256), `block at ${offset}`).toBe(true)
  }
}
