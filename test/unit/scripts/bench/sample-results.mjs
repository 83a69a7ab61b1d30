// Results as a run gives them, small and with round numbers.
import { compareRuns } from '../../../../scripts/bench/figures.mjs'
import { predictSeconds } from '../../../../scripts/bench/scaling-model.mjs'

const parts = { start: 0.5, main: 1, codec: 15, rest: 1, reading: 0.2, writing: 0.8 }

function makeSide(name, title, { seconds, peakBytes }) {
  return { name, title, medianSeconds: seconds, peakBytes, usages: [], runs: [{ seconds }] }
}

function compare(sides, { target, factor }) {
  const ratio = compareRuns(sides[0].runs, sides[1].runs, factor)
  return { sides, ratio, target, ...(target !== undefined && { isMet: ratio.ofPairs >= target }) }
}

export function makeResults() {
  const weir = makeSide('weir', 'Weir', { seconds: 8, peakBytes: 200e6 })
  return {
    date: '2030-01-31',
    weir: '1.0.0',
    commit: 'abcdef0',
    hasChanges: false,
    machine: {
      processor: 'A <fast> processor',
      cores: 2,
      memoryBytes: 2 ** 34,
      system: 'Linux',
      fileSystem: 'ext4',
      node: '24.0.0',
    },
    busyCores: 0,
    sizes: { events: 20_000, frames: 30_000, manyEvents: 60_000, fewEvents: 2000 },
    runs: 5,
    diskBytes: 12.3e9,
    source: 'a measurement',
    peers: { dcnum: 'dcnum 1.2.3' },
    missing: {},
    workloads: [
      {
        name: 'rewrite',
        title: 'rewrite',
        about: 'About it.',
        ...compare([weir, makeSide('dcnum', 'dcnum', { seconds: 16, peakBytes: 100e6 })], { target: 1.7 }),
      },
      {
        name: 'threads',
        title: 'two against one',
        about: 'About it.',
        ...compare([weir, makeSide('weir-1', 'Weir, 1 thread', { seconds: 12 })], {
          target: 0.9,
          factor: 0.5,
        }),
        scaling: {
          sourceBytes: 1e9,
          cores: 2,
          parts,
          checks: [
            { threads: 1, measuredSeconds: 15, predictedSeconds: 15.5, error: 1 / 30, bottleneck: 'x' },
          ].concat({ threads: 2, measuredSeconds: 10, predictedSeconds: 9, error: -0.1, bottleneck: 'y' }),
          predictions: [4, 8, 16].map((cores) => ({
            cores,
            ...predictSeconds(parts, { threads: cores, cores }),
          })),
        },
      },
      {
        name: 'memory',
        title: 'memory',
        about: 'About it.',
        sides: [weir, makeSide('weir-many', 'Weir, more', { seconds: 24, peakBytes: 210e6 })],
        memory: { peaks: [200e6, 210e6], spread: 1.05, isMet: true },
      },
    ],
  }
}
