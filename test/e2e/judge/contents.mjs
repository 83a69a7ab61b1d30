// `node contents.mjs FILE...`: what HDF5 itself (h5wasm) reads from each file, as a line of JSON: the SHA-256 of the values
// of every dataset and of every attribute, by path.
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

// Where there is a `navigator` (Node 21 and later), emscripten takes it for a browser.
if ('navigator' in globalThis) {
  Object.defineProperty(globalThis, 'navigator', { value: undefined, configurable: true })
}
const { File, Dataset, Group, ready } = await import('h5wasm/node')
const library = await ready
const pluginFolder = dirname(createRequire(import.meta.url).resolve('h5wasm-plugins/package.json'))
library.insert_plugin_search_path(join(pluginFolder, 'plugins'), 0)

const partRows = 64

for (const path of process.argv.slice(2)) {
  const file = new File(path, 'r')
  const contents = {}
  collectAttributes('/', file, contents)
  collectGroup('', file, contents)
  file.close()
  process.stdout.write(`${JSON.stringify(contents)}\n`)
}

function collectGroup(path, group, contents) {
  for (const name of group.keys()) {
    const child = group.get(name)
    const childPath = `${path}/${name}`
    if (child instanceof Dataset) contents[childPath] = hashDataset(child)
    else if (!(child instanceof Group)) contents[childPath] = `link ${JSON.stringify(child)}`
    if (child instanceof Dataset || child instanceof Group) collectAttributes(childPath, child, contents)
    if (child instanceof Group) collectGroup(childPath, child, contents)
  }
}

function collectAttributes(path, object, contents) {
  for (const [name, attribute] of Object.entries(object.attrs)) {
    const hash = createHash('sha256')
    addValue(hash, attribute.value)
    contents[`${path}@${name}`] = hash.digest('hex')
  }
}

/** In parts: images of a whole measurement do not fit into the library's memory twice. */
function hashDataset(dataset) {
  if (dataset.shape?.includes(0)) return 'empty'
  // Texts may be stored in other ways; numbers may not.
  const dtype = isText(dataset) ? 'text' : dataset.dtype
  const hash = createHash('sha256').update(JSON.stringify([dataset.shape, dtype]))
  const rows = dataset.shape?.[0]
  if (rows === undefined || typeof dataset.dtype !== 'string') addValue(hash, dataset.value)
  else {
    for (let row = 0; row < rows; row += partRows) {
      addValue(hash, dataset.slice([[row, Math.min(rows, row + partRows)]]))
    }
  }
  return hash.digest('hex')
}

function isText({ dtype }) {
  return typeof dtype === 'string' && /^[AS]/.test(dtype)
}

function addValue(hash, value) {
  if (ArrayBuffer.isView(value)) hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
  else hash.update(JSON.stringify(value, showPlainly) ?? 'none')
}

function showPlainly(_name, value) {
  if (typeof value === 'string') return value.replace(/\0+$/, '')
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  return ArrayBuffer.isView(value) ? [...value].map((item) => showPlainly('', item)) : value
}
