import { eventBytes } from '../sources.mjs'
import { rewriteByWeir } from './rewrite.mjs'

const limitBytes = 400e6
const largestSpread = 1.1

export const memory = {
  name: 'memory',
  title: 'memory as files grow',
  about: `Peak memory of \`weir rewrite --verify none\` on a measurement and on one of three times as many events: under ${limitBytes / 1e6} MB, and within ${Math.round((largestSpread - 1) * 100)} % of each other.`,
  isTimed: false,
  countRuns: (asked) => Math.min(3, asked),
  sources: ({ events, manyEvents }) => [`raw-${events}`, `raw-${manyEvents}`],
  outputBytes: ({ manyEvents }) => manyEvents * eventBytes.zstd,
  sides: (bench) => {
    const { events, manyEvents } = bench.sizes
    return [
      { name: 'weir', title: 'Weir', run: rewriteByWeir(bench, `raw-${events}`, ['--verify', 'none']) },
      {
        name: 'weir-many',
        title: 'Weir, 3 times the events',
        run: rewriteByWeir(bench, `raw-${manyEvents}`, ['--verify', 'none']),
      },
    ]
  },
  conclude: (_bench, { sides }) => ({ ratio: undefined, memory: judgeMemory(sides) }),
}

/** Undefined where memory could not be read. */
export function judgeMemory(sides) {
  const peaks = sides.map((side) => side.peakBytes)
  if (peaks.includes(undefined)) return undefined
  const spread = Math.max(...peaks) / Math.min(...peaks)
  return { peaks, spread, isMet: Math.max(...peaks) < limitBytes && spread <= largestSpread }
}
