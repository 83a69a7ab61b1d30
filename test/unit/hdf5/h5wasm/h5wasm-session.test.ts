import { copyFile, mkdir, readdir, symlink, truncate, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { useOnlyPlugins } from '../../../../src-main/hdf5/h5wasm/filter-plugins.ts'
import { H5wasmSession, WasmTrap } from '../../../../src-main/hdf5/h5wasm/h5wasm-session.ts'
import { loadH5wasm, type LoadedHdf5 } from '../../../../src-main/hdf5/h5wasm/load-h5wasm.ts'
import { TextCapture } from '../../../../src-main/hdf5/h5wasm/text-capture.ts'
import { expectError } from '../../../helpers/expect-error.ts'
import { makeTemporaryFolder } from '../../../helpers/temporary-folder.ts'

const FIXTURE = fileURLToPath(new URL('../../../fixtures/h5wasm/by-h5py.h5', import.meta.url))
const PLUGINS = join(
  dirname(createRequire(import.meta.url).resolve('h5wasm-plugins/package.json')),
  'plugins',
)

const loaded = await loadH5wasm()

test('leaves the navigator as it was', () => {
  expect('navigator' in globalThis ? 'object' : 'undefined').toBe(
    Number(process.versions.node.split('.')[0]) >= 21 ? 'object' : 'undefined',
  )
})

test('loads filters from the package alone', () => {
  useOnlyPlugins(loaded.library, PLUGINS)
  expect(loaded.library.get_plugin_search_paths()).toEqual([PLUGINS])
})

test('refuses a folder with a filter that is not the known one, or with one more', async () => {
  const folder = await makeTemporaryFolder()
  await mkdir(join(folder, 'more'))
  await mkdir(join(folder, 'changed'))
  for (const name of await readdir(PLUGINS)) await symlink(join(PLUGINS, name), join(folder, 'more', name))
  useOnlyPlugins(loaded.library, join(folder, 'more'))
  await writeFile(join(folder, 'more', 'libH5Zmine.so'), 'x')
  expectError(() => useOnlyPlugins(loaded.library, join(folder, 'more')), 'E_INTERNAL')
  await copyFile(join(PLUGINS, 'libH5Zlz4.so'), join(folder, 'changed', 'libH5Zlzf.so'))
  expectError(() => useOnlyPlugins(loaded.library, join(folder, 'changed')), 'E_INTERNAL')
  useOnlyPlugins(loaded.library, PLUGINS)
})

test('an error costs no open file, and the session goes on', async () => {
  const session = new H5wasmSession(loaded, FIXTURE)
  const before = await countOpenFiles()
  for (let i = 0; i < 30; i += 1) expectError(() => session.readRows('/filters/bad', 0, 1), 'E_CHUNK')
  expect(await countOpenFiles()).toBe(before)
  expect(session.readRows('/filters/gzip', 0, 2).byteLength).toBe(64)
})

test('a file that was cut off says so', async () => {
  const path = join(await makeTemporaryFolder(), 'cut')
  await copyFile(FIXTURE, path)
  await truncate(path, 20_000)
  const error = expectError(() => new H5wasmSession(loaded, path), 'E_TRUNC')
  expect(error).toMatchObject({ tag: 'Hdf5Error', path })
})

test('what is no answer of HDF5 is a trap', () => {
  const broken: LoadedHdf5 = {
    output: new TextCapture(),
    library: new Proxy(loaded.library, {
      get: (library, name) =>
        name === 'get_names'
          ? () => {
              throw new Error('RuntimeError: unreachable')
            }
          : (Reflect.get(library, name) as unknown),
    }),
  }
  expect(() => [...new H5wasmSession(broken, FIXTURE).walkObjects()]).toThrow(WasmTrap)
})

test('keeps at most 64 KiB of what is printed', () => {
  const capture = new TextCapture()
  for (let i = 0; i < 100; i += 1) capture.add(new TextEncoder().encode('0123456789'.repeat(100)))
  expect(capture.take().length).toBe(65_536)
  expect(capture.take()).toBe('')
})

/** 0 where the system does not tell. */
async function countOpenFiles(): Promise<number> {
  return process.platform === 'linux' ? (await readdir('/proc/self/fd')).length : 0
}
