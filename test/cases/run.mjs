#!/usr/bin/env node
// The cases: inputs on which Weir was wrong once, what is expected of it and what is seen.
//   node test/cases/run.mjs [--only PATTERN] [--keep FOLDER]
// Needs a build. Every case makes its input itself; scripts that make further ones are taken from ../shared/cases
// (or $WEIR_SHARED/cases) where that folder exists.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import {
  findPluginFolder,
  JudgeMissing,
  prepareDebianReaders,
  preparePython,
  projectFolder,
} from '../interop/environment.mjs'

/** What the makers need beside the judges, in a folder of its own: dclab asks for an older hdf5plugin. */
const packages = [
  'hdf5plugin==7.1.0',
  'pyfive==1.3.0',
  'numcodecs==0.16.6',
  'fsspec==2026.9.0',
  'typing_extensions==4.16.0',
  'zstandard==0.25.0',
]
const packageFolder = join(projectFolder, '.cache', 'cases-packages')
const shared = process.env.WEIR_SHARED ?? join(dirname(projectFolder), 'shared')

const python = prepare()
const child = spawn(
  python,
  [
    join(projectFolder, 'test', 'cases', 'main.py'),
    ...['--project', projectFolder, '--handed', join(shared, 'cases'), ...process.argv.slice(2)],
  ],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      HDF5_USE_FILE_LOCKING: 'FALSE',
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONPATH: packageFolder,
      WEIR_CASES_NODE: process.execPath,
      WEIR_CASES_PLUGINS: findPluginFolder(python),
    },
  },
)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(signal ? 1 : code))

function prepare() {
  try {
    prepareDebianReaders()
    const program = preparePython()
    installPackages(program)
    return program
  } catch (error) {
    if (!(error instanceof JudgeMissing)) throw error
    console.log(`FAIL cases: ${error.message}\n0 passed, 1 failed`)
    return process.exit(1)
  }
}

function installPackages(program) {
  const isThere = (line) => existsSync(join(packageFolder, `${line.replace('==', '-')}.dist-info`))
  if (packages.every(isThere)) return
  rmSync(packageFolder, { recursive: true, force: true })
  const words = ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', '--no-deps', '--target']
  const made = spawnSync(program, [...words, packageFolder, ...packages], { encoding: 'utf8' })
  if (made.status !== 0) throw new JudgeMissing(`pip install ${packages.join(' ')}: ${made.stderr.trim()}`)
}
