// The same as read_values.py for readers in JavaScript: node read-values.mjs h5wasm|jsfive FILE PATHS. jsfive lies in $WEIR_INTEROP_JSFIVE.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [reader, file, paths] = process.argv.slice(2)

async function openJsfive() {
  const main = join(process.env.WEIR_INTEROP_JSFIVE, 'dist', 'esm', 'index.mjs')
  const { File } = await import(pathToFileURL(main).href)
  const bytes = readFileSync(file)
  const h5 = new File(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength), file)
  return (path) => h5.get(path)
}

async function openH5wasm() {
  const { default: h5wasm } = await import('h5wasm/node')
  const library = await h5wasm.ready
  const plugins = createRequire(import.meta.url).resolve('h5wasm-plugins/package.json')
  library.insert_plugin_search_path(join(dirname(plugins), 'plugins'), 0)
  const h5 = new h5wasm.File(file, 'r')
  return (path) => h5.get(path)
}

function digest({ shape, values }) {
  const doubles = Float64Array.from(values, Number)
  const bytes = new Uint8Array(doubles.buffer)
  return [[...shape].map(Number), createHash('sha256').update(bytes).digest('hex')]
}

function tell(read, path) {
  try {
    const { shape, value } = read(path)
    return digest({ shape, values: value })
  } catch (error) {
    return String(error).slice(0, 300)
  }
}

const read = await (reader === 'jsfive' ? openJsfive() : openH5wasm()).catch((error) => () => {
  throw error
})
const answers = JSON.parse(paths).map((path) => [path, tell(read, path)])
process.stdout.write(JSON.stringify(Object.fromEntries(answers)))
