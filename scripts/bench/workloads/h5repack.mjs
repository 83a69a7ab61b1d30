import { measureCommand } from '../measure-command.mjs'
import { eventBytes } from '../sources.mjs'
import { rewriteByWeir } from './rewrite.mjs'

const sourceOf = ({ fewEvents }) => `raw-${fewEvents}`

export const h5repack = {
  name: 'h5repack',
  title: 'beside h5repack',
  about:
    'For information, in one pair: `h5repack -f UD=32015,0,1,5 -f FLET`, the tool of the HDF Group, which copies a file and changes its filters.',
  peers: ['h5repack'],
  countRuns: () => 1,
  sources: (sizes) => [sourceOf(sizes)],
  outputBytes: ({ fewEvents }) => fewEvents * eventBytes.zstd,
  sides: (bench) => [
    { name: 'weir', title: 'Weir', run: rewriteByWeir(bench, sourceOf(bench.sizes), ['--verify', 'none']) },
    ...repackBySide(bench),
  ],
}

function repackBySide(bench) {
  if (bench.peers.h5repack === undefined) return []
  const filters = ['-f', 'UD=32015,0,1,5', '-f', 'FLET']
  const run = async (output, options) => {
    const source = bench.sources.pathOf(sourceOf(bench.sizes))
    const env = { HDF5_PLUGIN_PATH: bench.peers.h5repack.plugins }
    const { seconds, usage } = await measureCommand('h5repack', [...filters, source, output], {
      ...options,
      env,
    })
    return { seconds, ...(usage && { usage }) }
  }
  return [{ name: 'h5repack', title: 'h5repack', run }]
}
