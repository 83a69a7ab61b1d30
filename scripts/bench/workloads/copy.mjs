import { measureCommand } from '../measure-command.mjs'
import { eventBytes } from '../sources.mjs'
import { rewriteByWeir } from './rewrite.mjs'

const sourceOf = ({ manyEvents }) => `zstd-${manyEvents}`

/** `cp` and then a sync of the file: Weir syncs by itself. */
export async function copyAndSync(source, output, options) {
  const script = 'cp "$1" "$2" && sync "$2"'
  const { seconds, usage } = await measureCommand('sh', ['-c', script, 'sh', source, output], options)
  return { seconds, ...(usage && { usage }) }
}

export const copy = {
  name: 'copy',
  title: 'copy as stored',
  about:
    '`weir rewrite --verify none` of a source that is stored the way the output is to be, so that its chunks can go over as they are; `cp` and a `sync` of the file. The source is in the page cache; both outputs are on the disk at the end.',
  peers: ['cp'],
  ratio: { least: 0.8 },
  sources: (sizes) => [sourceOf(sizes)],
  outputBytes: ({ manyEvents }) => manyEvents * eventBytes.zstd,
  sides: (bench) => {
    const source = sourceOf(bench.sizes)
    const run = (output, options) => copyAndSync(bench.sources.pathOf(source), output, options)
    return [
      { name: 'weir', title: 'Weir', run: rewriteByWeir(bench, source, ['--verify', 'none']) },
      ...(bench.peers.cp === undefined ? [] : [{ name: 'cp', title: 'cp and sync', run }]),
    ]
  },
}
