// Strips the types of `.ts` files on their way into Node; see register-typescript.mjs.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'

export async function load(url, context, nextLoad) {
  // The bundler gives the fields of a JSON file by name; Node gives it only whole.
  if (url.endsWith('package.json')) return loadJson(url)
  if (!url.endsWith('.ts')) return nextLoad(url, context)
  const source = await readFile(fileURLToPath(url), 'utf8')
  const { code } = await transform(source, {
    loader: 'ts',
    format: 'esm',
    target: 'node20',
    sourcefile: url,
    sourcemap: 'inline',
  })
  return { format: 'module', source: code, shortCircuit: true }
}

async function loadJson(url) {
  const values = JSON.parse(await readFile(fileURLToPath(url), 'utf8'))
  const named = Object.entries(values).filter(([name]) => /^[a-z]\w*$/i.test(name))
  const lines = named.map(
    ([name, value]) => `const _${name} = ${JSON.stringify(value)}\nexport { _${name} as ${name} }`,
  )
  return {
    format: 'module',
    source: [...lines, `export default ${JSON.stringify(values)}`].join('\n'),
    shortCircuit: true,
  }
}
