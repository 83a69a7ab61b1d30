// A replayed measurement is the same whatever the order in which its frames arrive.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { Disproof, expectSound, runInterrupted } from './proof.mjs'

/** @type {import('./proof.mjs').Proof} */
export const arrivalOrder = {
  name: 'arrival-order',
  rounds: 50,
  async run({ folder, sample, random }) {
    const first = await replay(join(folder, 'first.rtdc'), sample, { seed: 1, threshold: 500, readers: 1 })
    const options = {
      seed: Math.floor(random() * 2 ** 31),
      threshold: 1 + Math.floor(random() * 700),
      readers: 1 + Math.floor(random() * 8),
    }
    const second = await replay(join(folder, 'second.rtdc'), sample, options)
    if (first.events !== second.events)
      throw new Disproof(`${JSON.stringify(options)}: ${second.events} events instead of ${first.events}`)
    const [wanted, found] = [await hashFeatures(first.output), await hashFeatures(second.output)]
    const different = Object.keys(wanted).filter((feature) => wanted[feature] !== found[feature])
    if (different.length > 0)
      throw new Disproof(`${JSON.stringify(options)}: different values in ${different.join(', ')}`)
  },
}

async function replay(output, sample, { seed, threshold, readers }) {
  const numbers = ['--seed', seed, '--threshold', threshold, '--readers', readers].map(String)
  const { code, complaints, result } = await runInterrupted([
    'record',
    '--out',
    output,
    '--replay',
    sample,
    '--compression',
    'none',
    ...numbers,
  ])
  if (code !== 0) throw new Disproof(`record --replay ended with exit ${code}: ${complaints}`)
  await expectSound(output)
  return { output, events: result.events }
}

/** SHA-256 of the values of every dataset under /events, read by HDF5 itself. */
async function hashFeatures(path) {
  const h5wasm = await loadH5wasm()
  const file = new h5wasm.File(path, 'r')
  try {
    const datasets = listDatasets(file.get('events'))
    if (datasets.length === 0) throw new Disproof(`${path} has no features`)
    return Object.fromEntries(datasets.map((dataset) => [dataset.path, hashValues(dataset)]))
  } finally {
    file.close()
  }
}

function listDatasets(group) {
  return group.keys().flatMap((name) => {
    const child = group.get(name)
    return child.type === 'Group' ? listDatasets(child) : [child]
  })
}

function hashValues(dataset) {
  const { buffer, byteOffset, byteLength } = dataset.value
  return createHash('sha256')
    .update(dataset.shape.join())
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex')
}

/** Its check of the environment mistakes a Node with `navigator` for a browser. */
async function loadH5wasm() {
  Object.defineProperty(globalThis, 'navigator', { value: undefined, configurable: true })
  const { default: h5wasm } = await import('h5wasm/node')
  await h5wasm.ready
  return h5wasm
}
