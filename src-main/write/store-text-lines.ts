import type { DatasetWriter, GroupWriter } from '../hdf5/writing/file-writer.ts'
import { fixedStringType } from '../hdf5/writing/datatypes.ts'
import { chooseChunkShape } from './chunk-shape.ts'
import { choosePipeline, type DatasetKeywords } from './default-filters.ts'

export interface TextToStore {
  readonly lines: readonly string[]
  readonly dsKwds: DatasetKeywords
  /** Nothing is ever appended: without filters the lines lie in one piece, which needs no index. Default false. */
  readonly isFinal?: boolean | undefined
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
  const filters = choosePipeline(text.dsKwds, datatype)
  const isInOnePiece = encoded.length === 0 || (text.isFinal === true && filters.length === 0)
  if (isInOnePiece) {
    const dataset = group.createDataset(name, { datatype, shape, storage: { kind: 'contiguous' } })
    if (encoded.length > 0) await dataset.write({ bytes, sequences: [] })
    return dataset
  }
  const chunkShape = chooseChunkShape({ itemShape: [], itemBytes: width, rowCount: encoded.length })
  const dataset = group.createDataset(name, {
    datatype,
    shape,
    storage: { kind: 'chunked', chunkShape, filters },
  })
  await dataset.write({ bytes, sequences: [] })
  return dataset
}
