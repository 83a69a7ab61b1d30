import { join } from 'node:path'
import { afterAll } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import type { FilterPool } from '../../../src-main/hdf5/filters/filter-pool.ts'
import { buildPipeline } from '../../../src-main/hdf5/filters/pipeline.ts'
import { createFilterPool } from '../../../src-main/hdf5/filters/worker-filter-pool.ts'
import type { Attribute, Datatype } from '../../../src-main/hdf5/model.ts'
import { FileReader } from '../../../src-main/hdf5/reading/file-reader.ts'
import {
  makeFixedTextAttribute,
  makeFloatAttribute,
  makeIntegerAttribute,
  makeTextAttribute,
} from '../../../src-main/hdf5/writing/attributes.ts'
import { fixedStringType, float64Type, integerType } from '../../../src-main/hdf5/writing/datatypes.ts'
import { FileWriter } from '../../../src-main/hdf5/writing/file-writer.ts'
import type { DatasetWriter, GroupWriter } from '../../../src-main/hdf5/writing/file-writer.ts'
import { Measurement } from '../../../src-main/read/measurement.ts'
import { verifyFile } from '../../../src-main/read/verify-file.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'

let sharedPool: FilterPool | undefined

/** One filter thread for all tests of a file. */
export function getPool(): FilterPool {
  sharedPool ??= createFilterPool({ threads: 1 })
  return sharedPool
}

afterAll(async () => {
  await sharedPool?.close()
  sharedPool = undefined
})

/** Root attributes of a measurement in which nothing is amiss, of images 4 pixels wide and 3 high. */
export function goodAttributes(events: number): Attribute[] {
  const texts = {
    'experiment:date': '2023-12-13',
    'experiment:sample': 'beads',
    'experiment:time': '12:11:33',
    'imaging:flash device': 'LED',
    'setup:chip region': 'channel',
    'setup:identifier': 'ZMDD-AcC-774f84-3da488',
    'setup:medium': 'CellCarrier',
    'setup:module composition': 'AcCellerator',
    'setup:software version': 'instrument 1.0',
  }
  const integers = {
    'experiment:event count': events,
    'experiment:run index': 1,
    'imaging:roi position x': 10,
    'imaging:roi position y': 20,
    'imaging:roi size x': 4,
    'imaging:roi size y': 3,
  }
  const floats = {
    'imaging:flash duration': 2,
    'imaging:frame rate': 2000,
    'imaging:pixel size': 0.34,
    'setup:channel width': 20,
    'setup:flow rate': 0.04,
    'setup:flow rate sample': 0.01,
    'setup:flow rate sheath': 0.03,
  }
  return [
    ...Object.entries(texts).map(([name, text]) => makeTextAttribute(name, text)),
    ...Object.entries(integers).map(([name, value]) => makeIntegerAttribute(name, value)),
    ...Object.entries(floats).map(([name, value]) => makeFloatAttribute(name, value)),
  ]
}

const FILTERS = { codec: 'zstd', level: 5, shuffle: false, checksum: true } as const

/** A chunked dataset, zstd 5 with checksum, filled with the bytes given. */
export async function addRows(
  group: GroupWriter,
  name: string,
  rows: {
    readonly type: Datatype
    readonly shape: readonly number[]
    readonly chunkRows?: number
    readonly bytes: Uint8Array
  },
): Promise<DatasetWriter> {
  const { type, shape, bytes, chunkRows = 4 } = rows
  const dataset = group.createDataset(name, {
    datatype: type,
    shape: [0, ...shape.slice(1)],
    storage: {
      kind: 'chunked',
      chunkShape: [chunkRows, ...shape.slice(1)],
      filters: buildPipeline(FILTERS, type.size),
    },
  })
  if (bytes.length > 0) await dataset.append(bytes)
  return dataset
}

/** A 1-D feature of float64. */
export function addScalar(
  group: GroupWriter,
  name: string,
  values: readonly number[],
): Promise<DatasetWriter> {
  const bytes = new Uint8Array(Float64Array.from(values).buffer)
  return addRows(group, name, { type: float64Type(), shape: [values.length], bytes })
}

/** A stack of images 4 x 3, all pixels of one value, that says that it is images. */
export async function addImages(
  group: GroupWriter,
  name: string,
  image: { readonly events: number; readonly value: number },
): Promise<DatasetWriter> {
  const bytes = new Uint8Array(image.events * 12).fill(image.value)
  const dataset = await addRows(group, name, {
    type: integerType(1, false),
    shape: [image.events, 3, 4],
    bytes,
  })
  dataset.setAttribute(makeFixedTextAttribute('CLASS', 'IMAGE'))
  dataset.setAttribute(makeFixedTextAttribute('IMAGE_VERSION', '1.2'))
  dataset.setAttribute(makeFixedTextAttribute('IMAGE_SUBCLASS', 'IMAGE_GRAYSCALE'))
  return dataset
}

/** Lines of fixed length, as logs and basin definitions are stored. */
export function addLines(group: GroupWriter, name: string, lines: readonly string[]): Promise<DatasetWriter> {
  const encoded = lines.map((line) => Buffer.from(line))
  const size = Math.max(100, ...encoded.map((line) => line.length))
  const bytes = new Uint8Array(size * lines.length)
  for (const [row, line] of encoded.entries()) bytes.set(line, row * size)
  return addRows(group, name, { type: fixedStringType(size, 'utf-8'), shape: [lines.length], bytes })
}

/** A basin definition under a key. */
export function addBasin(root: GroupWriter, key: string, fields: object): Promise<DatasetWriter> {
  return addLines(root.requireGroup('basins'), key, JSON.stringify(fields, null, 2).split('\n'))
}

export interface MeasurementPlan {
  /** Default 10. */
  readonly events?: number
  /** Replace or follow those of `goodAttributes`. */
  readonly attributes?: readonly Attribute[]
  /** Names of root attributes to leave out. */
  readonly without?: readonly string[]
  /** Called with the features deform, index and image (of `events` events) already there. */
  readonly fill?: (h5: FileWriter, events: GroupWriter) => unknown
}

/** Writes a small measurement in which nothing is amiss but for what the plan adds, and gives its path. */
export async function writeMeasurement(plan: MeasurementPlan = {}): Promise<string> {
  const { events = 10, attributes = [], without = [], fill } = plan
  return writeFile(async (h5) => {
    for (const attribute of [...goodAttributes(events), ...attributes]) {
      if (!without.includes(attribute.name)) h5.root.setAttribute(attribute)
    }
    const group = h5.root.requireGroup('events')
    const rows = Array.from({ length: events }, (_, row) => row)
    await addScalar(
      group,
      'deform',
      rows.map((row) => row / 100),
    )
    await addScalar(
      group,
      'index',
      rows.map((row) => row + 1),
    )
    await addImages(group, 'image', { events, value: 90 })
    await fill?.(h5, group)
  })
}

/** Writes any HDF5 file and gives its path. */
export async function writeFile(fill: (h5: FileWriter) => unknown): Promise<string> {
  const path = join(await makeTemporaryFolder(), 'made.rtdc')
  const h5 = await FileWriter.create(nodeDisk, path, { pool: getPool() })
  try {
    await fill(h5)
    await h5.finish()
  } finally {
    await h5.close()
  }
  return path
}

/** Opens a measurement for a look and closes it afterwards. */
export async function lookInto<T>(
  path: string,
  look: (measurement: Measurement) => T | Promise<T>,
): Promise<T> {
  const measurement = await Measurement.open(nodeDisk, path, { pool: getPool() })
  try {
    return await look(measurement)
  } finally {
    await measurement.close()
  }
}

/** Address of an object's header. */
export async function findAddress(path: string, object: string): Promise<number> {
  const file = await FileReader.open(nodeDisk, path)
  try {
    const found = await file.find(object)
    if (found === undefined) throw new Error(`${object} is not in the file`)
    return found.address
  } finally {
    await file.close()
  }
}

/** What a verification finds in a measurement, as `level code object`. */
export async function findIn(plan: MeasurementPlan): Promise<string[]> {
  const { findings } = await verifyFile(await writeMeasurement(plan), { disk: nodeDisk, pool: getPool() })
  return findings.map(({ level, code, object }) => `${level} ${code} ${object}`)
}
