// How fast the codec alone is: Weir's filter threads on chunks of a file, in memory, without any file behind it.
//   codec-speed.mjs FILE THREADS whole|codec   FILE is compressed; whole: its filters as they are, codec: without the checksum
// Prints the seconds that all chunks of the file would take, extrapolated from a sample of each feature.
import { createFilterPool, DatasetReader, FileReader, nodeDisk } from '../../../out/write.js'

const sampleBytes = 200e6
const fletcher32 = 3

const [path, threads, which] = process.argv.slice(2)
const pool = createFilterPool({ threads: Number(threads) })
const file = await FileReader.open(nodeDisk, path)
try {
  console.log(JSON.stringify(await measure()))
} finally {
  await file.close()
  await pool.close()
}

async function measure() {
  const features = await openFeatures()
  const rawBytes = features.reduce((sum, feature) => sum + feature.bytes, 0)
  const every = Math.max(1, Math.ceil(rawBytes / sampleBytes))
  const raw = []
  for (const feature of features) raw.push(...(await takeChunks(feature, every)))
  const taken = raw.reduce((sum, { bytes }) => sum + bytes.length, 0)
  // Threads that have just started are slow.
  await Promise.all(raw.slice(0, 20).map((chunk) => pool.encode(chunk.bytes.slice(), chunk.task)))
  const [encoded, encodeSeconds] = await clock(raw, async ({ bytes, task }) => {
    const rawLength = bytes.length
    const { bytes: stored } = await pool.encode(bytes, task)
    return { bytes: stored, task: { ...task, filterMask: 0, rawBytes: rawLength } }
  })
  const [, decodeSeconds] = await clock(encoded, ({ bytes, task }) => pool.decode(bytes, task))
  const scale = rawBytes / taken
  return { encodeSeconds: encodeSeconds * scale, decodeSeconds: decodeSeconds * scale }
}

async function clock(chunks, action) {
  const started = performance.now()
  const results = await Promise.all(chunks.map(action))
  return [results, (performance.now() - started) / 1000]
}

async function openFeatures() {
  const features = []
  const events = await file.find('/events')
  for (const { name } of events.links) {
    const dataset = await file.find(`/events/${name}`)
    if (dataset?.kind !== 'dataset' || dataset.layout.kind !== 'chunked') continue
    const reader = await DatasetReader.open(file, dataset, { pool })
    features.push({ dataset, reader, bytes: reader.rowCount * reader.rowBytes })
  }
  return features
}

/** Every so many chunks one, decoded; the first always. */
async function takeChunks({ dataset, reader }, every) {
  const pipeline = dataset.filters.filter(({ id }) => which === 'whole' || id !== fletcher32)
  const task = { pipeline, elementBytes: dataset.datatype.size }
  const chunks = []
  for (let start = 0; start < reader.rowCount; start += reader.bandRows * every) {
    const bytes = await reader.readRows(start, Math.min(start + reader.bandRows, reader.rowCount))
    chunks.push({ bytes, task })
  }
  return chunks
}
