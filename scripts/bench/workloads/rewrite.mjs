import { measureProgram, measureWeir } from '../measure-command.mjs'
import { dcnumPeer } from '../peers.mjs'
import { estimateBytes } from '../sources.mjs'

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
  return rewriteOnNode(bench, source, { more })
}

function rewriteOnNode(bench, source, { more, node }) {
  return (output, options) =>
    measureWeir(['rewrite', bench.sources.pathOf(source), '--out', output, ...more], { ...options, node })
}

const cytoshot = ({ events }) => `raw-${events}`
const shapeIn = ({ images }) => `shapein-${images}`
const scalarsOf = ({ scalarEvents }) => `scalars-${scalarEvents}`
const tracesOf = ({ fewEvents }) => `traces-${fewEvents}`

function makeRewrite({ name, title, about, least, largest, options, node, sourceOf = cytoshot }) {
  return {
    name,
    title,
    about,
    peers: ['dcnum'],
    ratio: { least, largest },
    sources: (sizes) => [sourceOf(sizes)],
    outputBytes: (sizes) => 2 * estimateBytes(sourceOf(sizes)),
    sides: (bench) => [
      {
        name: 'weir',
        title: 'Weir',
        run: rewriteOnNode(bench, sourceOf(bench.sizes), { more: options, node }),
      },
      ...rewriteByDcnum(bench, sourceOf(bench.sizes)),
    ],
  }
}

const byDcnum =
  'dcnum: `copy_metadata`, `copy_basins`, and every feature through `HDF5Writer.store_feature_chunk`, 500 events at a time, Zstandard 5 and Fletcher-32. It verifies nothing.'

export const rewrite = makeRewrite({
  name: 'rewrite',
  title: 'rewrite, cytoshot',
  about: `\`weir rewrite --verify none\` of a measurement without compression, in which frames repeat; ${byDcnum}`,
  least: 2.6,
  largest: 1.01,
  options: ['--verify', 'none'],
})

export const rewriteVerified = makeRewrite({
  name: 'rewrite-verified',
  title: 'the same, verified',
  about: '`weir rewrite` as it is by default: every value is proven before the output gets its name.',
  least: 1.8,
  largest: 1.01,
  options: [],
})

export const rewritePlain = makeRewrite({
  name: 'rewrite-plain',
  title: 'the same, plain zstd 5',
  about:
    '`weir rewrite --compression zstd --level 5 --verify none`: the same work for the codec as dcnum has.',
  least: 1.7,
  options: ['--compression', 'zstd', '--level', '5', '--verify', 'none'],
})

export const rewriteOldNode = makeRewrite({
  name: 'rewrite-node-20',
  title: 'rewrite, cytoshot, Node 20',
  about: '`rewrite` on Node 20, whose codec (an addon) takes levels alone.',
  options: ['--verify', 'none'],
  node: 20,
})

export const images = makeRewrite({
  name: 'images',
  title: 'rewrite, Shape-In images',
  about: `Images of 80 x 250 pixels whose noise is all there is to store, \`--verify none\`; ${byDcnum}`,
  least: 5,
  largest: 0.955,
  options: ['--verify', 'none'],
  sourceOf: shapeIn,
})

export const imagesVerified = makeRewrite({
  name: 'images-verified',
  title: 'the same, verified',
  about: 'As by default.',
  least: 3,
  largest: 0.955,
  options: [],
  sourceOf: shapeIn,
})

export const imagesByFrame = makeRewrite({
  name: 'images-by-frame',
  title: 'the same, by frame',
  about: '`--by-frame --verify none`.',
  least: 4,
  largest: 0.84,
  options: ['--by-frame', '--verify', 'none'],
  sourceOf: shapeIn,
})

export const imagesSmall = makeRewrite({
  name: 'images-small',
  title: 'the same, small and by frame',
  about: '`--aim small --by-frame --verify none`.',
  least: 1.7,
  largest: 0.78,
  options: ['--aim', 'small', '--by-frame', '--verify', 'none'],
  sourceOf: shapeIn,
})

export const scalars = makeRewrite({
  name: 'scalars',
  title: 'rewrite, scalars alone',
  about:
    '40 features of numbers and no image: 30 of float64 that were float32 once, 5 of float64 times, 5 of int64 frames, seeded; `--verify none`.',
  least: 3,
  largest: 0.85,
  options: ['--verify', 'none'],
  sourceOf: scalarsOf,
})

export const traces = makeRewrite({
  name: 'traces',
  title: 'rewrite, int16 signals',
  about: 'Noisy int16 signals with peaks, 2 x 1000 samples an event, seeded; `--verify none`.',
  options: ['--verify', 'none'],
  sourceOf: tracesOf,
})
