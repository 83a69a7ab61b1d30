// Makes the readers available that are no judges: a Python environment of their own (their versions conflict with the judges'), jhdf by
// Maven, jsfive by npm. Exact versions; jars and packages are checked by their hashes.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureRegistryPackage } from '../../scripts/setup/registry-package.mjs'
import {
  installDebian,
  interopFolder,
  isDebianRoot,
  JudgeMissing,
  prepareEnvironment,
  projectFolder,
  run,
  succeeds,
} from './environment.mjs'

const readersFolder = join(interopFolder, 'readers')
const jarFolder = join(projectFolder, '.cache', 'interop-jars')

/** jhdf and what it brings, with the SHA-256 of each. */
const JARS = {
  'jhdf-0.13.0.jar': '41ef1e6f47a921bb643fe0441eda3518ec0237b94bcb57cf39320ec3ffa31067',
  'slf4j-api-2.0.18.jar': '44508fd1576500688c790b190acdd16fec4f8c79a3e0b900afd70503cf055f55',
  'commons-lang3-3.20.0.jar': '69e5c9fa35da7a51a5fd2099dfe56a2d8d32cf233e2f6d770e796146440263f4',
  'lz4-java-1.11.1.jar': 'e5e31b195fcc7e9c5da4b191af3b0082ee616c13f61cbd79409ffa65e4dd5c47',
  'compress-lzf-1.2.0.jar': 'b1db4258e6f017092e567b925a087281f49c392734fb369d7008d86acb0bc104',
}

const JSFIVE = {
  name: 'jsfive',
  version: '0.4.2',
  integrity:
    'sha512-OLcs8QNnk/p2kUGjTLAB7GzVS0+5+oClrl2bCLfL7dl0/vIB13902oDINJhQM++QT9QQdP+tiZTxT4oX5YkdjQ==',
}

/** @returns {Promise<{ python: string, jars: string, jsfive: string }>} */
export async function prepareReaders() {
  const python = prepareEnvironment({
    folder: join(projectFolder, '.cache', 'interop-readers-venv'),
    requirements: join(readersFolder, 'requirements.txt'),
    proof: 'import pyfive, netCDF4, tables, nexusformat, virtualizarr, kerchunk, hdf5plugin',
    size: '250 MB',
  })
  return { python, jars: prepareJars(), jsfive: await prepareJsfive() }
}

/** The class path of jhdf. */
function prepareJars() {
  const paths = Object.keys(JARS).map((name) => join(jarFolder, name))
  prepareJava()
  if (!paths.every((path) => existsSync(path))) {
    console.log(`interop: fetching jhdf by Maven into ${jarFolder} (once)`)
    const words = [`-DoutputDirectory=${jarFolder}`, '-DincludeScope=runtime']
    run('mvn', ['-B', '-q', '-f', join(readersFolder, 'pom.xml'), 'dependency:copy-dependencies', ...words])
  }
  for (const [name, expected] of Object.entries(JARS)) {
    const path = join(jarFolder, name)
    const actual = createHash('sha256').update(readFileSync(path)).digest('hex')
    if (actual === expected) continue
    rmSync(path)
    throw new JudgeMissing(`${path} has the SHA-256 ${actual}, not ${expected}; it was deleted`)
  }
  return paths.join(':')
}

function prepareJava() {
  const missing = [
    ...(succeeds('javac', ['-version']) ? [] : ['default-jdk-headless']),
    ...(succeeds('mvn', ['-version']) ? [] : ['maven']),
  ]
  if (missing.length === 0) return
  if (!isDebianRoot())
    throw new JudgeMissing(
      `missing: ${missing.join(', ')}; install them (apt-get install ${missing.join(' ')})`,
    )
  installDebian(missing)
}

async function prepareJsfive() {
  try {
    return await ensureRegistryPackage(JSFIVE)
  } catch (error) {
    throw new JudgeMissing(`jsfive cannot be had: ${error instanceof Error ? error.message : error}`)
  }
}
