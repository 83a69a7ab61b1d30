import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { measureProgram, measureWeir } from '../measure-command.mjs'
import { dcnumPeer } from '../peers.mjs'
import { estimateBytes } from '../sources.mjs'

const sourceOf = ({ files }) => `files-${files}`

export const files = {
  name: 'files',
  title: 'many small files, verified',
  about:
    'A folder of real measurements of 200 kB, rewritten by one command, verified; dclab: `dclab.cli.compress` of each in one Python process, without its start.',
  peers: ['dcnum'],
  ratio: { least: 4 },
  sources: (sizes) => [sourceOf(sizes)],
  outputBytes: (sizes) => estimateBytes(sourceOf(sizes)),
  sides: (bench) => {
    const folder = bench.sources.pathOf(sourceOf(bench.sizes))
    const listed = async () => (await readdir(folder)).map((name) => join(folder, name))
    return [
      {
        name: 'weir',
        title: 'Weir',
        run: async (output, options) => {
          const measured = await measureWeir(
            ['rewrite', ...(await listed()), '--out-dir', `${output}-files`, '--overwrite'],
            options,
          )
          await rm(`${output}-files`, { recursive: true })
          return measured
        },
      },
      ...(bench.peers.dcnum === undefined ? [] : [compressByDclab(bench, folder)]),
    ]
  },
}

function compressByDclab(bench, folder) {
  const run = async (output, options) => {
    const measured = await measureProgram(
      bench.peers.dcnum.python,
      [dcnumPeer, 'compress', folder, `${output}-files`],
      options,
    )
    await rm(`${output}-files`, { recursive: true })
    return measured
  }
  return { name: 'dclab', title: 'dclab', run }
}
