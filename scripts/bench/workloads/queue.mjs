import { fileURLToPath } from 'node:url'
import { measureCommand, measureProgram, nodeProgram } from '../measure-command.mjs'
import { dcnumPeer } from '../peers.mjs'

const program = fileURLToPath(new URL('../programs/queue-writer.mjs', import.meta.url))
const frameBytes = 6000

export const queue = {
  name: 'queue',
  title: 'queue writer, random masks',
  about:
    'Frames with one event each, a random mask of 80 x 320 pixels and a number, out of order within 500, through `QueueWriterThread` into Zstandard 5 and Fletcher-32. Weir: a worker thread makes the frames (pseudo-random bits, four pixels at a time, so that making them costs little) and hands them over while the clock runs, from before the thread starts until the file is complete. dcnum: all frames are made and put before its clock starts. After each run, every number and every pixel of Weir’s file is read back and compared.',
  peers: ['dcnum'],
  ratio: { least: 1.6 },
  sources: () => [],
  outputBytes: ({ frames }) => frames * frameBytes,
  sides: (bench) => [
    {
      name: 'weir',
      title: 'Weir',
      run: (output, options) =>
        measureProgram(nodeProgram(), [program, 'write', output, String(bench.sizes.frames)], options),
      check: async (output) => {
        await measureCommand(nodeProgram(), [program, 'check', output, String(bench.sizes.frames)])
      },
    },
    ...queueByDcnum(bench),
  ],
}

function queueByDcnum(bench) {
  if (bench.peers.dcnum === undefined) return []
  const run = (output, options) =>
    measureProgram(
      bench.peers.dcnum.python,
      [dcnumPeer, 'queue', output, String(bench.sizes.frames)],
      options,
    )
  return [{ name: 'dcnum', title: 'dcnum', run }]
}
