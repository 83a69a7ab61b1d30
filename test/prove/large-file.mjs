// A measurement beyond 4 GiB, where addresses no longer fit 32 bits: rewritten, verified and read back.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  expectValues,
  loadLibrary,
  readCopiedAsStored,
  requireSpace,
  rewrite,
  writeMeasurement,
} from './made-measurement.mjs'
import { Disproof, expectSound, makeRandom } from './proof.mjs'

const events = 180_000
const itemShape = [80, 320]
const rowBytes = 80 * 320
/** The source and one output at a time, with something to spare. */
const neededBytes = 2.2 * events * rowBytes
const patternBytes = 8 * 2 ** 20
/** Stored anew and as it was, so that outputs are as long as the source; compressed. */
const variants = [
  { options: ['--compression', 'none'], asStored: [] },
  { options: ['--compression', 'none', '--no-checksum'], asStored: ['deform', 'image'] },
  { options: ['--compression', 'zstd', '--level', '1'], asStored: [] },
]

/** @type {import('./proof.mjs').Proof} */
export const largeFile = {
  name: 'large-file',
  rounds: 1,
  async run({ folder, sample }) {
    await requireSpace(folder, neededBytes)
    const source = join(folder, 'source.rtdc')
    const features = await makeFeatures()
    const dsKwds = { compression: null, fletcher32: false }
    await writeMeasurement(source, { sample, events, features, dsKwds })
    const output = join(folder, 'output.rtdc')
    for (const { options, asStored } of variants) {
      await rewrite(source, output, options)
      const copied = await readCopiedAsStored(output)
      if (copied.join() !== asStored.join())
        throw new Disproof(`rewrite ${options.join(' ')} copied as stored: ${copied.join() || 'nothing'}`)
      await expectSound(output)
      await expectValues(output, { features, events })
      await rm(output)
    }
  },
}

async function makeFeatures() {
  const { fromTypedArray } = await loadLibrary()
  const makePixels = makePixelMaker()
  const makeNumbers = (start, stop) =>
    new Uint8Array(Float64Array.from({ length: stop - start }, (_, row) => Math.sqrt(start + row)).buffer)
  return [
    // Small and first, so that what comes behind it is far away from its index.
    {
      name: 'deform',
      itemShape: [],
      rowBytes: 8,
      datatype: fromTypedArray(new Float64Array()).datatype,
      make: makeNumbers,
    },
    {
      name: 'image',
      itemShape,
      rowBytes,
      datatype: fromTypedArray(new Uint8Array()).datatype,
      make: makePixels,
    },
  ]
}

/** Noise of 4 bits, another piece of it for every event, with the event's number in front. */
function makePixelMaker() {
  const random = makeRandom(1)
  const pattern = Uint8Array.from({ length: patternBytes + rowBytes }, () => 100 + Math.floor(random() * 16))
  return (start, stop) => {
    const bytes = new Uint8Array((stop - start) * rowBytes)
    const view = new DataView(bytes.buffer)
    for (let row = start; row < stop; row++) {
      const place = (row * 7919) % patternBytes
      bytes.set(pattern.subarray(place, place + rowBytes), (row - start) * rowBytes)
      view.setUint32((row - start) * rowBytes, row, true)
    }
    return bytes
  }
}
