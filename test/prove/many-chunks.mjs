// A feature of more than 100,000 chunks, whose index has several levels: copied chunk by chunk, stored anew, read back.
import { join } from 'node:path'
import { expectValues, loadLibrary, requireSpace, rewrite, writeMeasurement } from './made-measurement.mjs'
import { Disproof, expectSound } from './proof.mjs'

const chunkCount = 101_000
const chunkRows = 4
/** The last chunk is not full. */
const events = chunkCount * chunkRows - 1

/** @type {import('./proof.mjs').Proof} */
export const manyChunks = {
  name: 'many-chunks',
  rounds: 1,
  async run({ folder, sample }) {
    await requireSpace(folder, 2 ** 28)
    const features = await makeFeatures()
    const [source, copy, output] = ['source', 'copy', 'output'].map((name) => join(folder, `${name}.rtdc`))
    await writeMeasurement(source, { sample, events, features })
    await copyChunks(source, copy)
    await rewrite(copy, output)
    await expectDeepIndex(copy)
    for (const path of [copy, output]) {
      await expectSound(path)
      await expectValues(path, { features, events })
    }
  },
}

async function makeFeatures() {
  const { fromTypedArray } = await loadLibrary()
  const { datatype } = fromTypedArray(new Float64Array())
  const make = (start, stop) =>
    new Uint8Array(Float64Array.from({ length: stop - start }, (_, row) => Math.sqrt(start + row)).buffer)
  const dsKwds = { chunks: [chunkRows], compression: null, fletcher32: false }
  return [
    { name: 'deform', itemShape: [], rowBytes: 8, datatype, make, dsKwds },
    { name: 'area_um', itemShape: [], rowBytes: 8, datatype, make },
  ]
}

/** The library's copy of features leaves chunks as they are. */
async function copyChunks(source, target) {
  const { copyFeatures, copyMetadata, createFilterPool, FileReader, FileWriter, nodeDisk } =
    await loadLibrary()
  const pool = createFilterPool()
  const dst = await FileWriter.create(nodeDisk, target, { pool })
  const src = await FileReader.open(nodeDisk, source)
  await copyMetadata(src, dst)
  await copyFeatures(src, dst, ['deform', 'area_um'])
  await src.close()
  await dst.finish()
  await dst.close()
  await pool.close()
}

/** Else the file would prove nothing. */
async function expectDeepIndex(path) {
  const { FileReader, nodeDisk } = await loadLibrary()
  const file = await FileReader.open(nodeDisk, path)
  try {
    const { layout } = await file.find('/events/deform')
    // Spec: "Version 1 B-trees": the level of the root, 0 for a leaf, lies behind signature and type.
    const [level] = await file.readBytes(layout.index.address + 5, 1)
    if (level < 2) throw new Disproof(`${path}: the index of deform has ${level + 1} levels`)
  } finally {
    await file.close()
  }
}
