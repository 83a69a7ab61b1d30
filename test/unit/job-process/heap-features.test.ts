import { describe, expect, test } from 'vitest'
import type { Datatype, RawData } from '../../../src-main/hdf5/model.ts'
import { shapeOf } from '../../../src-main/hdf5/model.ts'
import { float64Type, integerType, variableStringType } from '../../../src-main/hdf5/writing/datatypes.ts'
import type { GroupWriter } from '../../../src-main/hdf5/writing/file-writer.ts'
import { DatasetReader } from '../../../src-main/hdf5/reading/dataset-reader.ts'
import { internalBasin, writeReferrer } from '../read/basin-fixture.ts'
import { getPool, lookInto } from '../read/measurement-fixture.ts'
import { FILL, range, run } from './basin-jobs.ts'

const TEXT = variableStringType()
const RAGGED: Datatype = { class: 'variable-sequence', size: 16, base: integerType(1, false) }
const PAIR: Datatype = {
  class: 'compound',
  size: 24,
  members: [
    { name: 'name', offset: 0, type: TEXT },
    { name: 'score', offset: 16, type: float64Type() },
  ],
}
const ROWS = ['a', 'bb', '', 'dddd', 'e']

/** Rows of variable length: a slot (length, index), then what follows it in an element. */
async function addHeap(group: GroupWriter, name: string, datatype: Datatype): Promise<void> {
  const sequences = ROWS.map((row) => new TextEncoder().encode(row))
  const bytes = new Uint8Array(ROWS.length * datatype.size)
  const view = new DataView(bytes.buffer)
  for (const [row, text] of ROWS.entries()) {
    view.setUint32(row * datatype.size, text.length, true)
    view.setUint32(row * datatype.size + 4, text === '' ? 0xffffffff : row, true)
    if (datatype.size > 16) view.setFloat64(row * datatype.size + 16, row, true)
  }
  const spec = { datatype, shape: [ROWS.length], storage: { kind: 'contiguous' } } as const
  await group.createDataset(name, spec).write({ bytes, sequences })
}

/** The texts of a dataset's rows. */
function listTexts({ bytes, sequences }: RawData, elementBytes: number): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length / elementBytes }, (_, row) => {
    const sequence = sequences[view.getUint32(row * elementBytes + 4, true)]
    return new TextDecoder().decode(sequence)
  })
}

function readTexts(path: string, object: string): Promise<string[]> {
  return lookInto(path, async ({ file }) => {
    const dataset = await file.find(object)
    if (dataset?.kind !== 'dataset') return []
    const reader = await DatasetReader.open(file, dataset, { pool: getPool() })
    expect(shapeOf(dataset.dataspace)).toEqual([reader.rowCount])
    return listTexts(await reader.readAll(), dataset.datatype.size)
  })
}

const writeInput = (): Promise<string> =>
  writeReferrer({
    features: { deform: [0, 1, 2, 3, 4] },
    fill: async (_h5, events) => {
      await addHeap(events, 'userdef1', TEXT)
      await addHeap(events, 'userdef2', RAGGED)
      await addHeap(events, 'userdef3', PAIR)
      await addHeap(events.requireGroup('trace'), 'fl1_raw', RAGGED)
    },
  })
const OBJECTS = ['userdef1', 'userdef2', 'userdef3', 'trace/fl1_raw']

describe('features whose values are of variable length', () => {
  test.each(OBJECTS)('give the selected rows: %s', async (name) => {
    const input = await writeInput()
    const { output } = await run(input, { ...range(1, null, 2), verify: 'independent' })
    expect(await readTexts(output, `/events/${name}`)).toEqual(['bb', 'dddd'])
  })

  test.each(OBJECTS)('give none of their rows, and all: %s', async (name) => {
    const input = await writeInput()
    const none = await run(input, range(9, null))
    expect(await readTexts(none.output, `/events/${name}`)).toEqual([])
    expect(none.warnings).toMatchObject([{ code: 'W_NO_EVENTS', path: input }])
    const all = await run(input, { overwrite: true })
    expect(await readTexts(all.output, `/events/${name}`)).toEqual(ROWS)
    expect(all.warnings).toEqual([])
  })

  test('are filled in from a basin at the mapped rows', async () => {
    const input = await writeReferrer({
      features: { time: [0, 1, 2] },
      mappings: { basinmap0: [4, 0, 3] },
      basins: { a: internalBasin(['userdef1'], { mapping: 'basinmap0' }) },
      fill: (h5) => addHeap(h5.root.requireGroup('basin_events'), 'userdef1', TEXT),
    })
    const { output, warnings } = await run(input, { ...FILL, ...range(0, 2) })
    expect(warnings).toEqual([])
    expect(await readTexts(output, '/events/userdef1')).toEqual(['e', 'a'])
  })
})
