import { measureScaling } from '../measure-scaling.mjs'
import { eventBytes } from '../sources.mjs'
import { rewriteByWeir } from './rewrite.mjs'

const sourceOf = ({ events }) => `raw-${events}`

export const threads = {
  name: 'threads',
  title: 'two threads against one',
  about:
    '`weir rewrite --verify none` with `--threads 2` and with `--threads 1`. The figure is T1 / (2 T2): 1 is twice as fast with two.',
  peers: ['cp'],
  ratio: { least: 0.9, factor: 0.5 },
  sources: ({ events, fewestEvents }) => [sourceOf({ events }), `zstd-${events}`, `raw-${fewestEvents}`],
  outputBytes: ({ events }) => events * eventBytes.zstd,
  sides: (bench) =>
    [2, 1].map((count) => ({
      name: count === 2 ? 'weir' : 'weir-1',
      title: count === 2 ? 'Weir' : 'Weir, 1 thread',
      run: rewriteByWeir(bench, sourceOf(bench.sizes), ['--verify', 'none', '--threads', String(count)]),
    })),
  conclude: async (bench, result) => ({ scaling: await measureScaling(bench, result) }),
}
