#!/usr/bin/env node
// Weir's files judged by others: h5dump, h5py (old and new), dcnum and dclab.
//   node test/interop/run.mjs [--only PATTERN] [--keep FOLDER]
// Needs a build (npm run build). Real measurements are read from ../shared/data (or $WEIR_SHARED/data).
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import {
  findPluginFolder,
  interopFolder,
  JudgeMissing,
  prepareDebianReaders,
  preparePython,
  projectFolder,
  proveZstd,
} from './environment.mjs'
import { prepareReaders } from './reader-environment.mjs'

const weir = join(projectFolder, 'out', 'weir.js')
const shared = process.env.WEIR_SHARED ?? join(dirname(projectFolder), 'shared')

if (!existsSync(weir)) stop(`interop: ${weir} is missing; run "npm run build" first`, 1)
const environment = await prepare()
const child = spawn(
  environment.WEIR_INTEROP_PYTHON,
  [join(interopFolder, 'main.py'), '--weir', weir, '--shared', shared, ...process.argv.slice(2)],
  { stdio: 'inherit', env: environment },
)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(signal ? 1 : code))

async function prepare() {
  try {
    const debian = prepareDebianReaders()
    const python = preparePython()
    const plugins = findPluginFolder(python)
    proveZstd(python, { ...process.env, HDF5_PLUGIN_PATH: plugins })
    const readers = await prepareReaders()
    return {
      ...process.env,
      // For h5dump and Debian's h5py alone: Weir must do without, and the new h5py brings its own.
      WEIR_INTEROP_PLUGINS: plugins,
      HDF5_USE_FILE_LOCKING: 'FALSE',
      PYTHONDONTWRITEBYTECODE: '1',
      WEIR_INTEROP_PYTHON: python,
      WEIR_INTEROP_OLD_PYTHON: debian.python,
      WEIR_INTEROP_NODE: process.execPath,
      WEIR_INTEROP_READERS: readers.python,
      WEIR_INTEROP_JARS: readers.jars,
      WEIR_INTEROP_JSFIVE: readers.jsfive,
    }
  } catch (error) {
    if (!(error instanceof JudgeMissing)) throw error
    if (process.env.CI) stop(`FAIL interop: ${error.message}\n0 passed, 1 failed`, 1)
    return stop(`interop: skipped, ${error.message}`, 0)
  }
}

function stop(message, code) {
  console.log(message)
  process.exit(code)
}
