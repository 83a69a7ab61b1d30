// The measurements that the workloads read: made once, kept in .cache/bench.
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cacheFolder, projectFolder } from '../project.mjs'
import { runWeirOnce } from '../run-weir.mjs'
import { unzip } from '../setup/unzip.mjs'
import { measureCommand } from './measure-command.mjs'
import { dcnumPeer } from './peers.mjs'

export const benchFolder = join(cacheFolder, 'bench')
const shared = process.env.WEIR_SHARED ?? join(dirname(projectFolder.replace(/\/$/, '')), 'shared')
const dataFolder = join(shared, 'data')
const realMeasurement = join(dataFolder, 'dcnum_fmt-hdf5_cytoshot_full-features_2023.zip')
const shapeInMeasurement = join(dataFolder, 'dcnum_fmt-hdf5_shapein_raw-with-variable-length-logs.zip')
const smallMeasurement = join(dataFolder, 'dclab_fmt-hdf5_fl_2018.zip')
const simulatedFrames = 1000

/** At most, of one event: three images of 80 x 400 pixels and some fifty numbers. */
export const eventBytes = {
  raw: 100_000,
  zstd: 30_000,
  shapein: 20_500,
  scalars: 320,
  traces: 4100,
  files: 250_000,
}

/**
 * Sources by name, `raw-N` (no compression) and `zstd-N` (Zstandard 5, Fletcher-32), of N events each.
 * A real measurement is repeated where there is one and a Python to do it, else the simulated instrument records.
 */
export class Sources {
  #python
  #kind

  constructor(python) {
    this.#python = python
    this.#kind = python !== undefined && existsSync(realMeasurement) ? 'real' : 'simulated'
  }

  /** For the report. */
  describe() {
    return this.#kind === 'real'
      ? 'the events of a real measurement (80 x 400 pixels, 48 features) again and again, with noise of one grey level on the images'
      : 'measurements of the simulated instrument'
  }

  pathOf(name) {
    return join(benchFolder, `${this.#kind}-${name}.rtdc`)
  }

  /** Bytes of disk that the sources and what they are made of take, at most. */
  countBytes(names) {
    return sumBytes(listWithOrigins(names))
  }

  /** The same for those that are not there yet. */
  countMissingBytes(names) {
    return sumBytes(listWithOrigins(names).filter((name) => !existsSync(this.pathOf(name))))
  }

  async prepare(names, tell) {
    await mkdir(benchFolder, { recursive: true })
    for (const name of listWithOrigins(names)) {
      if (existsSync(this.pathOf(name))) continue
      tell(`making ${name}, ${(estimateBytes(name) / 1e9).toFixed(1)} GB at most`)
      await this.#make(name)
    }
  }

  /** Under a second name first: a source that is half made must not be taken for one. */
  async #make(name) {
    const path = this.pathOf(name)
    const { kind, events } = parseName(name)
    if (kind === 'shapein') await this.#repeat(path, events, shapeInMeasurement)
    else if (kind === 'scalars' || kind === 'traces') await this.#invent(kind, path, events)
    else if (kind === 'files') await this.#multiply(path, events)
    else if (kind === 'zstd') await rewrite(this.pathOf(`raw-${events}`), path)
    else if (this.#kind === 'real') await this.#repeat(path, events, realMeasurement)
    else await this.#record(path, events)
  }

  /** Seeded values, by Python. */
  async #invent(kind, path, events) {
    await this.#callPeer([`make-${kind}`, `${path}~`, String(events)])
    await rename(`${path}~`, path)
  }

  /** A folder of the same small measurement, again and again. */
  async #multiply(path, count) {
    await rm(`${path}~`, { recursive: true, force: true })
    await mkdir(`${path}~`)
    await unzip(smallMeasurement, `${path}~`, (name) => (name.endsWith('.rtdc') ? 'file-1.rtdc' : undefined))
    for (let number = 2; number <= count; number++)
      await copyFile(join(`${path}~`, 'file-1.rtdc'), join(`${path}~`, `file-${number}.rtdc`))
    await rename(`${path}~`, path)
  }

  async #repeat(path, events, measurement) {
    const folder = await mkdtemp(join(benchFolder, 'template-'))
    try {
      await unzip(measurement, folder, (name) => (name.endsWith('.rtdc') ? 'template.rtdc' : undefined))
      const [template] = await readdir(folder)
      await this.#callPeer(['make', join(folder, template), `${path}~`, String(events)])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    await rename(`${path}~`, path)
  }

  /** The instrument may see several events in a frame, or none; so the peer repeats some where it can. */
  async #record(path, events) {
    const frames = String(this.#python === undefined ? events : simulatedFrames)
    const recorded = this.#python === undefined ? path : `${path}-template`
    const options = ['--compression', 'none', '--no-checksum', '--overwrite']
    await runWeirOnce(['record', '--out', recorded, '--simulate', frames, ...options])
    if (this.#python === undefined) return
    await this.#callPeer(['make', recorded, `${path}~`, String(events)])
    await rm(recorded)
    await rename(`${path}~`, path)
  }

  async #callPeer(commandArguments) {
    await measureCommand(this.#python, [dcnumPeer, ...commandArguments])
  }
}

/** What `zstd-N` is made of comes before it. */
function listWithOrigins(names) {
  const origins = names
    .filter((name) => name.startsWith('zstd-'))
    .map((name) => name.replace('zstd-', 'raw-'))
  return [...new Set([...origins, ...names])]
}

function parseName(name) {
  const [kind, events] = name.split('-')
  return { kind, events: Number(events) }
}

function sumBytes(names) {
  return names.reduce((sum, name) => sum + estimateBytes(name), 0)
}

/** At most. */
export function estimateBytes(name) {
  const { kind, events } = parseName(name)
  return eventBytes[kind] * events
}

/** Weir's own output is under a second name until it is complete. */
async function rewrite(source, path) {
  await runWeirOnce(['rewrite', source, '--out', path, '--overwrite'])
}
