// The parts of rewriting, measured one by one, and what they say about machines with more cores.
import { cpus } from 'node:os'
import { join } from 'node:path'
import { rm, stat } from 'node:fs/promises'
import { measureCodec } from './codec-speed.mjs'
import { median } from './figures.mjs'
import { measureWeir } from './measure-command.mjs'
import { readThrough } from './read-through.mjs'
import { findError, predictSeconds } from './scaling-model.mjs'
import { copyAndSync } from './workloads/copy.mjs'

const largerMachines = [4, 8, 16]
const times = 3
const oneThread = { threads: 1, which: 'whole' }

/**
 * @param {object} bench
 * @param {{ sides: object[] }} threads result of the workload: two threads, one thread
 * @returns {Promise<object | undefined>} undefined where processor times cannot be read, or there is no cp
 */
export async function measureScaling(bench, { sides: [two, one] }) {
  if (two.usages.length === 0 || bench.peers.cp === undefined) return undefined
  const parts = await measureParts(bench, two.usages[0])
  const { size } = await stat(bench.sources.pathOf(`raw-${bench.sizes.events}`))
  const cores = cpus().length
  const check = (threads, side) => {
    const predicted = predictSeconds(parts, { threads, cores })
    return {
      threads,
      measuredSeconds: side.medianSeconds,
      predictedSeconds: predicted.seconds,
      error: findError(predicted.seconds, side.medianSeconds),
      bottleneck: predicted.bottleneck,
    }
  }
  return {
    sourceBytes: size,
    cores,
    parts,
    checks: [check(1, one), check(2, two)],
    predictions: largerMachines.map((count) => ({
      cores: count,
      ...predictSeconds(parts, { threads: count, cores: count }),
    })),
  }
}

async function measureParts(bench, usage) {
  const { sources, sizes, workFolder } = bench
  const output = join(workFolder, 'part.rtdc')
  const compressed = sources.pathOf(`zstd-${sizes.events}`)
  const source = sources.pathOf(`raw-${sizes.events}`)
  try {
    const start = await measureStart(sources.pathOf(`raw-${sizes.fewestEvents}`), output)
    const codec = await repeat(async () => (await measureCodec(compressed, oneThread)).encodeSeconds)
    const main = Math.max(0, usage.mainThreadSeconds - start.mainThreadSeconds)
    const beyondStart = usage.processorSeconds - start.processorSeconds
    return {
      start: start.seconds,
      main,
      codec,
      rest: Math.max(0, beyondStart - main - codec),
      reading: await repeat(() => readThrough(source)),
      writing: await repeat(async () => {
        await rm(output, { force: true })
        return (await copyAndSync(compressed, output)).seconds
      }),
    }
  } finally {
    await rm(output, { force: true })
  }
}

/** The command on hardly any events. */
async function measureStart(source, output) {
  const run = (options) =>
    measureWeir(['rewrite', source, '--out', output, '--overwrite', '--verify', 'none'], options)
  const { usage } = await run({ isWatched: true })
  const seconds = await repeat(async () => (await run()).seconds)
  return { seconds, ...usage }
}

async function repeat(measure) {
  const seconds = []
  for (let time = 0; time < times; time++) seconds.push(await measure())
  return median(seconds)
}
