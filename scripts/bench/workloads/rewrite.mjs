import { measureProgram, measureWeir } from '../measure-command.mjs'
import { dcnumPeer } from '../peers.mjs'
import { eventBytes } from '../sources.mjs'

/** dcnum.write on a source; its seconds leave out the start of Python. */
export function rewriteByDcnum(bench, source) {
  if (bench.peers.dcnum === undefined) return []
  const run = (output, options) =>
    measureProgram(
      bench.peers.dcnum.python,
      [dcnumPeer, 'rewrite', bench.sources.pathOf(source), output],
      options,
    )
  return [{ name: 'dcnum', title: 'dcnum', run }]
}

export function rewriteByWeir(bench, source, more) {
  return (output, options) =>
    measureWeir(['rewrite', bench.sources.pathOf(source), '--out', output, ...more], options)
}

function makeRewrite({ name, title, about, least, options }) {
  const sourceOf = ({ events }) => `raw-${events}`
  return {
    name,
    title,
    about,
    peers: ['dcnum'],
    ratio: { least },
    sources: (sizes) => [sourceOf(sizes)],
    outputBytes: ({ events }) => events * eventBytes.zstd,
    sides: (bench) => [
      { name: 'weir', title: 'Weir', run: rewriteByWeir(bench, sourceOf(bench.sizes), options) },
      ...rewriteByDcnum(bench, sourceOf(bench.sizes)),
    ],
  }
}

export const rewrite = makeRewrite({
  name: 'rewrite',
  title: 'rewrite, zstd 5 and fletcher32',
  about:
    '`weir rewrite --verify none` of a measurement without compression; dcnum: `copy_metadata`, `copy_basins`, and every feature through `HDF5Writer.store_feature_chunk`, 500 events at a time. Both compress with Zstandard 5 and add Fletcher-32 checksums.',
  least: 1.7,
  options: ['--verify', 'none'],
})

export const rewriteVerified = makeRewrite({
  name: 'rewrite-verified',
  title: 'the same, verified',
  about:
    '`weir rewrite` as it is by default: every chunk is read back from the disk and compared before the output gets its name. dcnum verifies nothing.',
  least: 1.35,
  options: [],
})
