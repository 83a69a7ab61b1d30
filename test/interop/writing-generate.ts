/**
 * Writes one HDF5 file for each group of cases into the folder given as argument, and beside each `<name>.json`: what a
 * reader has to find in it. `writing-check.py` does the reading.
 */
import type { Attribute, Datatype, FilterPipeline } from '../../src-main/hdf5/model.ts'
import {
  makeFixedTextAttribute,
  makeFloatAttribute,
  makeIntegerAttribute,
  makeTextAttribute,
} from '../../src-main/hdf5/writing/attributes.ts'
import type { DatasetSpec } from '../../src-main/hdf5/writing/dataset-spec.ts'
import {
  booleanType,
  fixedStringType,
  float64Type,
  integerType,
  variableStringType,
} from '../../src-main/hdf5/writing/datatypes.ts'
import { Case, pool } from './writing-case.ts'
import { fillElements, pair, TYPES } from './writing-types.ts'

const SHUFFLE = (size: number) => ({ id: 2, flags: 1, values: [size] })
const DEFLATE = { id: 1, flags: 1, values: [4] }
const ZSTD = { id: 32015, flags: 1, values: [3], name: 'Zstandard compression: http://www.zstd.net' }
const ZSTD_UNNAMED = { id: 32015, flags: 0, values: [3] }
const FLETCHER = { id: 3, flags: 0, values: [] }

const PIPELINES: Readonly<Record<string, FilterPipeline>> = {
  none: [],
  shuffle: [SHUFFLE(8)],
  deflate: [DEFLATE],
  zstd: [ZSTD],
  fletcher: [FLETCHER],
  zstd_fletcher: [ZSTD, FLETCHER],
  fletcher_zstd: [FLETCHER, ZSTD_UNNAMED],
  shuffle_deflate_fletcher: [SHUFFLE(8), DEFLATE, FLETCHER],
  shuffle_zstd_fletcher: [SHUFFLE(8), ZSTD, FLETCHER],
  fletcher_shuffle_deflate: [FLETCHER, SHUFFLE(8), DEFLATE],
  deflate_zstd_shuffle: [DEFLATE, ZSTD_UNNAMED, SHUFFLE(8)],
}

await Case.run('types', async (made) => {
  for (const [name, datatype, dtype] of TYPES) {
    await made.add(made.file.root, `contiguous/${name}`, {
      datatype,
      dtype,
      shape: [5, 3],
      storage: { kind: 'contiguous' },
    })
    const storage = { kind: 'chunked', chunkShape: [4, 3], filters: [DEFLATE, FLETCHER] } as const
    await made.add(made.file.root, `chunked/${name}`, {
      datatype,
      dtype,
      shape: [0, 3],
      rows: 11,
      step: 3,
      storage,
    })
    await made.add(made.file.root, `scalar/${name}`, {
      datatype,
      dtype,
      shape: [],
      storage: { kind: 'contiguous' },
    })
  }
})

await Case.run('filters', async (made) => {
  for (const [name, filters] of Object.entries(PIPELINES)) {
    const base = { datatype: float64Type(), dtype: `'<f8'` }
    await made.add(made.file.root, name, {
      ...base,
      shape: [0],
      rows: 1037,
      step: 100,
      storage: { kind: 'chunked', chunkShape: [128], filters },
    })
    await made.add(made.file.root, `${name}_3d`, {
      ...base,
      shape: [0, 7, 10],
      rows: 23,
      step: 5,
      storage: { kind: 'chunked', chunkShape: [4, 3, 4], filters },
    })
  }
})

await Case.run('shapes', async (made) => {
  const filters = [ZSTD, FLETCHER]
  const base = { datatype: integerType(2, false), dtype: `'<u2'` }
  for (const rows of [0, 1, 15, 16, 17, 32, 64 * 16, 64 * 16 + 1, 4096 * 2 + 5]) {
    const storage = { kind: 'chunked', chunkShape: [rows > 4096 ? 2 : 16], filters } as const
    await made.add(made.file.root, `rows_${rows}`, { ...base, shape: [0], rows, step: 1000, storage })
  }
  await made.add(made.file.root, 'many_chunks', {
    ...base,
    shape: [0],
    rows: 20_000,
    step: 7001,
    storage: { kind: 'chunked', chunkShape: [1], filters: [] },
  })
  await made.add(made.file.root, 'item', {
    ...base,
    shape: [0, 6, 5],
    rows: 9,
    storage: { kind: 'chunked', chunkShape: [4, 6, 5], filters },
  })
  for (const chunkShape of [
    [4, 3, 5],
    [4, 4, 2],
    [100, 6, 3],
    [1, 1, 1],
    [3, 6, 1],
  ]) {
    const storage = { kind: 'chunked', chunkShape, filters } as const
    await made.add(made.file.root, `split_${chunkShape.join('_')}`, {
      ...base,
      shape: [0, 6, 5],
      rows: 9,
      step: 2,
      storage,
    })
  }
  await made.add(made.file.root, 'four_dimensions', {
    ...base,
    shape: [0, 3, 4, 5],
    rows: 7,
    step: 2,
    storage: { kind: 'chunked', chunkShape: [2, 2, 3, 2], filters },
  })
  const fixed = { kind: 'chunked', chunkShape: [4, 3], filters } as const
  await made.add(made.file.root, 'fixed_maximum', {
    ...base,
    shape: [10, 6],
    maxShape: [10, 6],
    rows: 10,
    storage: fixed,
  })
  await made.add(made.file.root, 'all_unlimited', {
    ...base,
    shape: [0, 6],
    maxShape: [null, null],
    rows: 10,
    storage: fixed,
  })
  await made.add(made.file.root, 'empty_item', {
    ...base,
    shape: [3, 0],
    maxShape: [null, 0],
    rows: 0,
    storage: { kind: 'chunked', chunkShape: [4, 3], filters },
  })
  await made.add(made.file.root, 'empty_contiguous', { ...base, shape: [0], storage: { kind: 'contiguous' } })
  await made.add(made.file.root, 'large_contiguous', {
    ...base,
    shape: [300_000],
    step: 100_000,
    storage: { kind: 'contiguous' },
  })
  const holes = made.file.root.createDataset('holes', {
    datatype: integerType(2, false),
    shape: [40],
    storage: fixed1(8),
    fillValue: Uint8Array.of(7, 1),
  })
  await holes.append(fillElements(integerType(2, false), 10))
  const short = made.file.root.createDataset('short', {
    datatype: integerType(2, false),
    shape: [40],
    storage: { kind: 'contiguous' },
    fillValue: Uint8Array.of(7, 1),
  })
  await short.append(fillElements(integerType(2, false), 10))
  made.file.root.createDataset('untouched', {
    datatype: integerType(2, false),
    shape: [40],
    storage: { kind: 'contiguous' },
    fillValue: Uint8Array.of(7, 1),
  })
  made.file.root.createDataset('null', {
    datatype: float64Type(),
    shape: null,
    storage: { kind: 'contiguous' },
  })
})

function fixed1(length: number): DatasetSpec['storage'] {
  return { kind: 'chunked', chunkShape: [length], filters: [] }
}

await Case.run('attributes', async (made) => {
  const { root } = made.file
  const many = root.requireGroup('many')
  for (let i = 0; i < 300; i += 1) many.setAttribute(makeIntegerAttribute(`a${i}`, i))
  const data = root.createDataset('data', { datatype: float64Type(), shape: [0], storage: fixed1(8) })
  for (const node of [root, data]) {
    node.setAttribute(makeTextAttribute('text', 'grüße, 世界'))
    node.setAttribute(makeTextAttribute('empty', ''))
    node.setAttribute(makeFixedTextAttribute('fixed', 'IMAGE'))
    node.setAttribute(makeFixedTextAttribute('fixed_utf8', 'µm'))
    node.setAttribute(makeIntegerAttribute('integer', -5))
    node.setAttribute(makeFloatAttribute('float', 0.1))
    node.setAttribute(makeFixedTextAttribute('long_fixed', 'x'.repeat(70_000)))
    node.setAttribute(makeTextAttribute('long', 'y'.repeat(70_000)))
    node.setAttribute(simple('näme_ü', float64Type(false), [3]))
    node.setAttribute(simple('bools', booleanType(), [4]))
    node.setAttribute(simple('pair', pair, [2]))
    node.setAttribute(simple('strings', fixedStringType(6, 'ascii'), [2, 2]))
    node.setAttribute(
      simple('array', { class: 'array', size: 6, dims: [3], base: integerType(2, true) }, [2]),
    )
    node.setAttribute({
      name: 'null',
      datatype: float64Type(),
      dataspace: { kind: 'null' },
      data: { bytes: new Uint8Array(0), sequences: [] },
    })
    node.setAttribute(texts('texts', ['one', '', 'drei ü']))
  }
  root.setAttribute(makeIntegerAttribute('integer', -6))
})

function simple(name: string, datatype: Datatype, shape: readonly number[]): Attribute {
  const count = shape.reduce((product, length) => product * length, 1)
  return {
    name,
    datatype,
    dataspace: { kind: 'simple', shape, maxShape: shape },
    data: { bytes: fillElements(datatype, count), sequences: [] },
  }
}

function texts(name: string, values: readonly string[]): Attribute {
  const { bytes, sequences } = sequenceData(
    values.map((value) => Buffer.from(value)),
    1,
  )
  const shape = [values.length]
  return {
    name,
    datatype: variableStringType(),
    dataspace: { kind: 'simple', shape, maxShape: shape },
    data: { bytes, sequences },
  }
}

function sequenceData(
  values: readonly Uint8Array[],
  elementBytes: number,
): { bytes: Uint8Array; sequences: Uint8Array[] } {
  const bytes = new Uint8Array(values.length * 16)
  const view = new DataView(bytes.buffer)
  const sequences: Uint8Array[] = []
  values.forEach((value, i) => {
    view.setUint32(i * 16, value.length / elementBytes, true)
    view.setUint32(i * 16 + 4, value.length === 0 ? 0xffffffff : sequences.length, true)
    if (value.length > 0) sequences.push(value)
  })
  return { bytes, sequences }
}

await Case.run('variable', async (made) => {
  const { root } = made.file
  const lines = Array.from({ length: 5000 }, (_, i) =>
    Buffer.from(i % 7 === 0 ? '' : `line ${i} ${'ü'.repeat(i % 50)}`),
  )
  const spec = { datatype: variableStringType(), shape: [5000] }
  await root
    .createDataset('lines', { ...spec, storage: { kind: 'contiguous' } })
    .write(sequenceData(lines, 1))
  const storage = { kind: 'chunked', chunkShape: [64], filters: [DEFLATE] } as const
  await root.createDataset('lines_chunked', { ...spec, shape: [0], storage }).write(sequenceData(lines, 1))
  await root
    .createDataset('scalar', { ...spec, shape: [], storage: { kind: 'contiguous' } })
    .write(sequenceData([Buffer.from('z'.repeat(200_000))], 1))
  const numbers: Datatype = { class: 'variable-sequence', size: 16, base: integerType(4, true) }
  const values = Array.from(
    { length: 100 },
    (_, i) => new Uint8Array(Int32Array.from({ length: i % 10 }, (__, k) => i * 100 + k).buffer),
  )
  await root
    .createDataset('numbers', { datatype: numbers, shape: [100], storage: { kind: 'contiguous' } })
    .write(sequenceData(values, 4))
  const pairs: Datatype = { class: 'variable-sequence', size: 16, base: pair }
  const pairValues = [fillElements(pair, 3), new Uint8Array(0), fillElements(pair, 1)]
  await root
    .createDataset('pairs', { datatype: pairs, shape: [3], storage: { kind: 'contiguous' } })
    .write(sequenceData(pairValues, 9))
  const mixed: Datatype = {
    class: 'compound',
    size: 20,
    members: [
      { name: 'id', offset: 0, type: integerType(4, true) },
      { name: 'text', offset: 4, type: variableStringType() },
    ],
  }
  const mixedBytes = new Uint8Array(60)
  const slots = sequenceData(
    ['a', 'bb', 'ccc'].map((text) => Buffer.from(text)),
    1,
  )
  for (let i = 0; i < 3; i += 1) {
    mixedBytes[i * 20] = i
    mixedBytes.set(slots.bytes.subarray(i * 16, i * 16 + 16), i * 20 + 4)
  }
  await root
    .createDataset('mixed', { datatype: mixed, shape: [3], storage: { kind: 'contiguous' } })
    .write({ bytes: mixedBytes, sequences: slots.sequences })
})

await Case.run('groups', async (made) => {
  const { root } = made.file
  const contours = root.requireGroup('events/contour')
  for (let i = 0; i < 5000; i += 1) {
    const dataset = contours.createDataset(String(i), {
      datatype: integerType(2, false),
      shape: [3 + (i % 5), 2],
      storage: { kind: 'contiguous' },
    })
    await dataset.append(fillElements(integerType(2, false), (3 + (i % 5)) * 2))
  }
  const unicode = root.requireGroup('größe/世界')
  await unicode
    .createDataset('µ', { datatype: integerType(1, true), shape: [2], storage: { kind: 'contiguous' } })
    .append(Uint8Array.of(1, 2))
  root.addHardLink('hard', contours.child('7')!)
  root.addHardLink('hard_group', contours)
  root.addSoftLink('soft', '/events/contour/8')
  root.addSoftLink('dangling', '/nowhere')
  contours.addSoftLink('soft_in_table', '/größe')
  for (const count of [255, 256, 257]) {
    const group = root.requireGroup(`children_${count}`)
    for (let i = 0; i < count; i += 1) group.requireGroup(`g${i}`).setAttribute(makeIntegerAttribute('i', i))
    group.setAttribute(makeTextAttribute('about', `${count} children`))
  }
  const removed = root.createDataset('removed', {
    datatype: integerType(1, false),
    shape: [0],
    storage: fixed1(4),
  })
  await removed.append(new Uint8Array(10).fill(9))
  root.removeChild('removed')
})

await Case.run('crowd', async (made) => {
  const crowd = made.file.root.requireGroup('crowd')
  for (let i = 0; i < 100_000; i += 1) {
    const dataset = crowd.createDataset(`child ${i}`, {
      datatype: integerType(4, true),
      shape: [],
      storage: { kind: 'contiguous' },
    })
    await dataset.append(new Uint8Array(Int32Array.of(i).buffer))
  }
})

await pool.close()
