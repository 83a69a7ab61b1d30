// What readers of HDF5 in Rust, which share no code with HDF5, make of one output with gzip and no checksum and one with zstd.
// docs/compatibility.md says the same in words.
import { spawnSync } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadLibrary, rewrite } from './made-measurement.mjs'
import { Disproof, Unprovable } from './proof.mjs'

const programSource = fileURLToPath(new URL('readers', import.meta.url))
const buildFolder = fileURLToPath(new URL('../../.cache/prove-readers', import.meta.url))

const settings = { gzip: ['--compression', 'gzip', '--no-checksum'], zstd: [] }

/** Of each output: undefined if every value is read, else what every refusal says. */
const expected = {
  'hdf5-pure': { gzip: undefined, zstd: /unsupported filter: 32015/ },
  'hdf5-reader': { gzip: undefined, zstd: /unsupported filter: filter id 32015/ },
}

/** Two full chunks of images and one that is not. */
const events = 90

/** @type {import('./proof.mjs').Proof} */
export const readers = {
  name: 'readers',
  rounds: 1,
  async run({ folder, sample }) {
    const program = await buildProgram()
    const source = join(folder, 'source.rtdc')
    await makeSource(source, sample)
    for (const [setting, options] of Object.entries(settings)) {
      const output = join(folder, `${setting}.rtdc`)
      await rewrite(source, output, options)
      const datasets = await readByHdf5(output)
      for (const reader of Object.keys(expected))
        expectAnswers({ program, reader, setting, output }, datasets)
    }
  },
}

/** Cargo writes beside what it builds: so a copy. */
async function buildProgram() {
  await cp(programSource, buildFolder, { recursive: true })
  const build = spawnSync('cargo', ['build', '--release', '--quiet'], { cwd: buildFolder, encoding: 'utf8' })
  if (build.error?.code === 'ENOENT') throw new Unprovable('this proof needs cargo, which comes with Rust')
  if (build.status !== 0)
    throw new Unprovable(`the readers cannot be had: ${build.error?.message ?? build.stderr.trim()}`)
  return join(buildFolder, 'target', 'release', 'read-values')
}

/** The sample's first events, and a contour for each of them: a dataset of its own. */
async function makeSource(path, sample) {
  const {
    copyFeatures,
    copyMetadata,
    FileReader,
    fromTypedArray,
    HDF5Writer,
    makeIntegerAttribute,
    nodeDisk,
  } = await loadLibrary()
  const writer = await HDF5Writer.open(path)
  const model = await FileReader.open(nodeDisk, sample)
  await copyMetadata(model, writer.h5)
  const { links } = await model.find('/events')
  const mapping = fromTypedArray(Uint32Array.from({ length: events }, (_, row) => row))
  await copyFeatures(
    model,
    writer.h5,
    links.map(({ name }) => name),
    { mapping },
  )
  await model.close()
  for (let event = 0; event < events; event++) {
    const points = Uint16Array.from({ length: 2 * (5 + event) }, (_, place) => event + place)
    await writer.storeFeatureChunk(String(event), fromTypedArray(points, [5 + event, 2]), 'events/contour')
  }
  writer.h5.root.setAttribute(makeIntegerAttribute('experiment:event count', events))
  await writer.close()
}

/**
 * All datasets of `events`, as HDF5 itself reads them.
 * @returns {Promise<{ path: string, shape: number[], values: Float64Array }[]>}
 */
async function readByHdf5(output) {
  const { FileReader, H5wasmFallback, nodeDisk } = await loadLibrary()
  const file = await FileReader.open(nodeDisk, output)
  const hdf5 = new H5wasmFallback(output)
  try {
    const read = []
    for await (const dataset of listDatasets(file, '/events')) {
      const { shape } = dataset.dataspace
      const values = toDoubles(dataset.datatype, await hdf5.readRows(dataset, 0, shape[0]))
      read.push({ path: dataset.path, shape, values })
    }
    // Else little would be proven.
    if (read.length < events + 20) throw new Disproof(`${output} has only ${read.length} datasets of events`)
    return read
  } finally {
    await hdf5.close()
    await file.close()
  }
}

async function* listDatasets(file, path) {
  const found = await file.find(path)
  if (found.kind === 'dataset') yield found
  else for (const { name } of found.links) yield* listDatasets(file, `${path}/${name}`)
}

function toDoubles(datatype, bytes) {
  const kinds = {
    float: { 4: Float32Array, 8: Float64Array },
    unsigned: { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array },
    signed: { 1: Int8Array, 2: Int16Array, 4: Int32Array, 8: BigInt64Array },
  }
  const kind = datatype.class === 'integer' ? (datatype.signed ? 'signed' : 'unsigned') : datatype.class
  const TypedArray = kinds[kind][datatype.size]
  return Float64Array.from(new TypedArray(bytes.slice().buffer), Number)
}

/** Throws what one reader does otherwise than docs/compatibility.md says. */
function expectAnswers({ program, reader, setting, output }, datasets) {
  const refusal = expected[reader][setting]
  for (const { path, shape, values } of datasets) {
    const answer = spawnSync(program, [reader, output, path], { maxBuffer: 2 ** 30 })
    const isRead = answer.status === 0
    const complaint = answer.error?.message ?? answer.stderr.toString().trim()
    const place = `${reader}, ${setting}, ${path}`
    if (isRead && !holds(answer.stdout, { shape, values }))
      throw new Disproof(`${place}: other values than HDF5 reads`)
    if (isRead && refusal !== undefined)
      throw new Disproof(`${place}: is read; docs/compatibility.md says that it is refused`)
    if (!isRead && !refusal?.test(complaint)) throw new Disproof(`${place}: ${complaint}`)
  }
}

function holds(answer, { shape, values }) {
  const end = answer.indexOf('\n')
  const told = JSON.parse(answer.subarray(0, end).toString())
  return told.join() === shape.join() && answer.subarray(end + 1).equals(Buffer.from(values.buffer))
}
