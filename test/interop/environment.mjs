// Makes the judges available: a Python environment with exact versions, Debian's HDF5 tools and Debian's h5py.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const interopFolder = dirname(fileURLToPath(import.meta.url))
export const projectFolder = dirname(dirname(interopFolder))
const environmentFolder = join(projectFolder, '.cache', 'interop-venv')
const requirementsFile = join(interopFolder, 'requirements.txt')

/** Thrown when a judge cannot be had. */
export class JudgeMissing extends Error {}

/** Path of the judges' Python, made or renewed if its requirements changed. */
export function preparePython() {
  return prepareEnvironment({
    folder: environmentFolder,
    requirements: requirementsFile,
    proof: 'import dcnum, dclab, hdf5plugin',
    size: '300 MB',
  })
}

/**
 * Path of a Python with exactly what `requirements` names.
 * @param {{ folder: string, requirements: string, proof: string, size: string }} wanted
 */
export function prepareEnvironment({ folder, requirements, proof, size }) {
  const python = join(folder, 'bin', 'python')
  const stamp = join(folder, 'requirements.sha256')
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && succeeds(python, ['-c', proof]))
    return python
  const base = findPython()
  console.log(`interop: making the Python environment ${folder} (once, about ${size} from the package index)`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(dirname(folder), { recursive: true })
  run(base, ['-m', 'venv', folder])
  run(python, ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', '--requirement', requirements])
  writeFileSync(stamp, wanted)
  return python
}

/** A Python that can make environments; Debian's own lacks `ensurepip` unless python3-venv is installed. */
function findPython() {
  for (const candidate of [
    process.env.WEIR_PYTHON,
    'python3.11',
    'python3.12',
    'python3',
    '/usr/bin/python3',
  ]) {
    if (
      candidate &&
      succeeds(candidate, ['-c', 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))'])
    )
      return candidate
  }
  if (isDebianRoot()) {
    installDebian(['python3', 'python3-venv'])
    if (succeeds('/usr/bin/python3', ['-c', 'import ensurepip'])) return '/usr/bin/python3'
  }
  throw new JudgeMissing(
    'no Python 3.11 or newer with the module venv; install it (Debian: apt-get install python3-venv) and run again',
  )
}

/** Debian's h5dump and Debian's Python with h5py (HDF5 1.10.8): the oldest readers that count. */
export function prepareDebianReaders() {
  const missing = [
    ...(succeeds('h5dump', ['--version']) ? [] : ['hdf5-tools']),
    ...(succeeds('/usr/bin/python3', ['-c', 'import h5py']) ? [] : ['python3-h5py']),
  ]
  if (missing.length > 0) {
    if (!isDebianRoot())
      throw new JudgeMissing(
        `missing: ${missing.join(', ')}; install them (apt-get install ${missing.join(' ')}) and run again`,
      )
    installDebian(missing)
  }
  return { h5dump: 'h5dump', python: '/usr/bin/python3' }
}

/** Folder of the filter plugins for readers that do not come with them. */
export function findPluginFolder(python) {
  return execFileSync(python, ['-c', 'import hdf5plugin; print(hdf5plugin.PLUGIN_PATH)'], {
    encoding: 'utf8',
  }).trim()
}

/** The judges are only worth something if they can decode zstd: a file by h5py must come out of h5dump. */
export function proveZstd(python, environment) {
  const folder = mkdtempSync(join(tmpdir(), 'weir-interop-zstd-'))
  try {
    const file = join(folder, 'proof.h5')
    const program =
      'import sys, h5py, hdf5plugin; h5py.File(sys.argv[1], "w").create_dataset("x", data=[4711] * 500, **hdf5plugin.Zstd(5))'
    execFileSync(python, ['-c', program, file])
    const proofs = [
      spawnSync('h5dump', [file], { encoding: 'utf8', env: environment }),
      spawnSync(
        '/usr/bin/python3',
        ['-c', 'import sys, h5py; print(list(h5py.File(sys.argv[1])["x"][:3]))', file],
        { encoding: 'utf8', env: environment },
      ),
    ]
    for (const proof of proofs) {
      if (proof.status !== 0 || !proof.stdout.includes('4711')) {
        throw new JudgeMissing(
          `a judge cannot read a zstd file with HDF5_PLUGIN_PATH=${environment.HDF5_PLUGIN_PATH}: ${proof.stderr}`,
        )
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export function isDebianRoot() {
  return process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version')
}

export function installDebian(packages) {
  console.log(`interop: installing Debian packages ${packages.join(', ')}`)
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const install = ['install', '--yes', '--no-install-recommends', ...packages]
  if (spawnSync('apt-get', install, { stdio: 'pipe', env: environment }).status === 0) return
  run('apt-get', ['update'], environment)
  run('apt-get', install, environment)
}

export function run(command, args, environment = process.env) {
  const result = spawnSync(command, args, { encoding: 'utf8', env: environment, maxBuffer: 2 ** 26 })
  if (result.status === 0) return
  const reason =
    result.error?.message ?? `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-5).join('\n')
  throw new JudgeMissing(`${command} ${args.join(' ')} failed: ${reason}`)
}

export function succeeds(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}
