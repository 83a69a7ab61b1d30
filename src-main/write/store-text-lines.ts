import type { DatasetWriter, GroupWriter } from '../hdf5/writing/file-writer.ts'
import { fixedStringType } from '../hdf5/writing/datatypes.ts'
import { chooseChunkShape } from './chunk-shape.ts'
import { choosePipeline, type DatasetKeywords } from './default-filters.ts'

export interface TextToStore {
  readonly lines: readonly string[]
  readonly dsKwds: DatasetKeywords
}

/** Stores lines as a 1-D dataset of fixed-length strings, as long as the longest in UTF-8 bytes, at least 1. */
export async function storeTextLines(
  group: GroupWriter,
  name: string,
  text: TextToStore,
): Promise<DatasetWriter> {
  const encoded = text.lines.map((line) => Buffer.from(line, 'utf-8'))
  const width = encoded.reduce((longest, line) => Math.max(longest, line.length), 1)
  const bytes = new Uint8Array(encoded.length * width)
  encoded.forEach((line, row) => bytes.set(line, row * width))
  const isAscii = encoded.every((line) => line.every((byte) => byte < 0x80))
  const datatype = fixedStringType(width, isAscii ? 'ascii' : 'utf-8')
  const shape = [encoded.length]
  if (encoded.length === 0)
    return group.createDataset(name, { datatype, shape, storage: { kind: 'contiguous' } })
  const chunkShape = chooseChunkShape({ itemShape: [], itemBytes: width, rowCount: encoded.length })
  const filters = choosePipeline(text.dsKwds, datatype)
  const dataset = group.createDataset(name, {
    datatype,
    shape,
    storage: { kind: 'chunked', chunkShape, filters },
  })
  await dataset.write({ bytes, sequences: [] })
  return dataset
}
