// Measurements by Weir's own library whose values follow from their place alone, so that every copy can be told right from
// wrong without its source.
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Disproof, runInterrupted, Unprovable } from './proof.mjs'

const slabBytes = 16 * 2 ** 20

/**
 * @typedef {object} MadeFeature
 * @property {string} name
 * @property {number[]} itemShape shape of one event
 * @property {number} rowBytes
 * @property {any} datatype
 * @property {(start: number, stop: number) => Uint8Array} make bytes of these events
 * @property {object} [dsKwds] how it is stored
 */

/** The write package as it is built. */
export function loadLibrary() {
  return import(new URL('../../out/write.js', import.meta.url).href)
}

/** Ends the proof, kindly, where the disk is too small for it. */
export async function requireSpace(folder, bytes) {
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize >= bytes) return
  const [wanted, free] = [bytes, bavail * bsize].map((count) => (count / 1e9).toFixed(0))
  throw new Unprovable(`this proof needs ${wanted} GB in ${dirname(folder)}, where ${free} GB are free`)
}

/**
 * Writes a measurement of so many events; what is not a feature comes from `sample`.
 * @param {string} path
 * @param {{ sample: string, events: number, features: MadeFeature[], dsKwds?: object }} measurement
 */
export async function writeMeasurement(path, { sample, events, features, dsKwds }) {
  const { HDF5Writer, FileReader, copyMetadata, makeIntegerAttribute, nodeDisk } = await loadLibrary()
  const writer = await HDF5Writer.open(path, { dsKwds })
  const model = await FileReader.open(nodeDisk, sample)
  await copyMetadata(model, writer.h5, { logs: false, tables: false })
  await model.close()
  writer.h5.root.setAttribute(makeIntegerAttribute('experiment:event count', events))
  for (const { name, itemShape, datatype, dsKwds: own } of features)
    writer.requireFeature(name, { itemShape, datatype, dsKwds: own })
  for (const feature of features)
    for (const { start, stop } of listSlabs(feature, events)) {
      const { name, itemShape, datatype, make } = feature
      await writer.storeFeatureChunk(name, {
        datatype,
        shape: [stop - start, ...itemShape],
        bytes: make(start, stop),
      })
    }
  await writer.close()
}

function* listSlabs({ rowBytes }, events) {
  const rows = Math.max(1, Math.floor(slabBytes / rowBytes))
  for (let start = 0; start < events; start += rows) yield { start, stop: Math.min(start + rows, events) }
}

/** Every value, read by Weir's layer, and those of some events by HDF5 itself. */
export async function expectValues(path, { features, events }) {
  const { createFilterPool, DatasetReader, FileReader, H5wasmFallback, nodeDisk } = await loadLibrary()
  const pool = createFilterPool()
  const file = await FileReader.open(nodeDisk, path)
  const hdf5 = new H5wasmFallback(path)
  try {
    for (const feature of features) {
      const dataset = await file.find(`/events/${feature.name}`)
      const reader = await DatasetReader.open(file, dataset, { pool })
      if (reader.rowCount !== events)
        throw new Disproof(`${path}: ${feature.name} has ${reader.rowCount} events`)
      for (const { start, stop } of listSlabs(feature, events))
        expectRows(path, feature, { start, bytes: await reader.readRows(start, stop) })
      for (const part of [0, 0.3, 0.6, 0.95, 1]) {
        const start = Math.floor(part * (events - 1))
        expectRows(path, feature, { start, bytes: await hdf5.readRows(dataset, start, start + 1) })
      }
    }
  } finally {
    await hdf5.close()
    await file.close()
    await pool.close()
  }
}

function expectRows(path, { name, rowBytes, make }, { start, bytes }) {
  const stop = start + bytes.length / rowBytes
  if (!Buffer.from(make(start, stop)).equals(bytes))
    throw new Disproof(`${path}: ${name} has other values somewhere in events ${start} to ${stop}`)
}

/** Runs `weir rewrite`; throws what speaks against it. */
export async function rewrite(source, output, options = []) {
  const end = await runInterrupted(['rewrite', source, '--out', output, ...options])
  if (end.code !== 0)
    throw new Disproof(`rewrite ${options.join(' ')} ended with exit ${end.code}: ${end.complaints}`)
}

/** Which features the job that wrote the file copied as stored, by its own log. */
export async function readCopiedAsStored(path) {
  const { createFilterPool, DatasetReader, FileReader, nodeDisk } = await loadLibrary()
  const pool = createFilterPool()
  const file = await FileReader.open(nodeDisk, path)
  try {
    const reader = await DatasetReader.open(file, await file.find('/logs/weir-rewrite'), { pool })
    // Lines are padded with zeros, and the JSON has none.
    const text = Buffer.from((await reader.readAll()).bytes)
      .toString('utf8')
      .replaceAll('\0', '')
    return JSON.parse(text).result['copied as stored'] ?? []
  } finally {
    await file.close()
    await pool.close()
  }
}
