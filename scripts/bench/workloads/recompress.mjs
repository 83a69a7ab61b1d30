import { availableParallelism } from 'node:os'
import { measureCodec } from '../codec-speed.mjs'
import { eventBytes } from '../sources.mjs'
import { copyAndSync } from './copy.mjs'
import { rewriteByWeir } from './rewrite.mjs'

/**
 * The limit that no program can beat here: the codec alone on all cores, or `cp` of a file like the output; the slower of the two.
 * @param {{ codec: 'encodeSeconds' | 'decodeSeconds', like: string }} parts
 */
function makeLimit(bench, { codec, like }) {
  const run = async (output, options) => {
    const measured = await measureCodec(bench.sources.pathOf(`zstd-${bench.sizes.events}`), {
      threads: availableParallelism(),
      which: 'codec',
    })
    const copied = await copyAndSync(bench.sources.pathOf(like), output, options)
    const parts = { codecSeconds: measured[codec], copySeconds: copied.seconds }
    return { seconds: Math.max(parts.codecSeconds, parts.copySeconds), ...parts }
  }
  return bench.peers.cp === undefined ? [] : [{ name: 'limit', title: 'the limit', run }]
}

const bothSources = ({ events }) => [`raw-${events}`, `zstd-${events}`]

export const zstdToNone = {
  name: 'zstd-to-none',
  title: 'zstd to no compression',
  about:
    '`weir rewrite --compression none --verify none` of a source with Zstandard 5. The limit: Zstandard alone, decompressing on all cores in memory, or `cp` of the larger file, whichever is slower.',
  peers: ['cp'],
  sources: bothSources,
  outputBytes: ({ events }) => events * eventBytes.raw,
  sides: (bench) => {
    const { events } = bench.sizes
    const options = ['--compression', 'none', '--verify', 'none']
    return [
      { name: 'weir', title: 'Weir', run: rewriteByWeir(bench, `zstd-${events}`, options) },
      ...makeLimit(bench, { codec: 'decodeSeconds', like: `raw-${events}` }),
    ]
  },
}

export const noneToZstd = {
  name: 'none-to-zstd',
  title: 'no compression to zstd',
  about:
    'The way back, to Zstandard 5. The limit: Zstandard alone, compressing on all cores in memory, or `cp` of a file like the output, whichever is slower.',
  peers: ['cp'],
  sources: bothSources,
  outputBytes: ({ events }) => events * eventBytes.zstd,
  sides: (bench) => {
    const { events } = bench.sizes
    return [
      { name: 'weir', title: 'Weir', run: rewriteByWeir(bench, `raw-${events}`, ['--verify', 'none']) },
      ...makeLimit(bench, { codec: 'encodeSeconds', like: `zstd-${events}` }),
    ]
  },
}
