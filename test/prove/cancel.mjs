// Cancelled at a random instant, a rewrite leaves nothing behind, or it had just finished and its output is whole.
import { join } from 'node:path'
import { Disproof, expectFiles, expectSound, hashFile, runInterrupted } from './proof.mjs'

/** @type {import('./proof.mjs').Proof} */
export const cancel = {
  name: 'cancel',
  rounds: 100,
  async run({ folder, sample, random, typicalMs }) {
    const before = await hashFile(sample)
    const signal = random() < 0.5 ? 'SIGINT' : 'SIGTERM'
    const afterMs = random() * typicalMs
    const output = join(folder, 'output.rtdc')
    const end = await runInterrupted(['rewrite', sample, '--out', output, '--compression', 'gzip'], {
      signal,
      afterMs,
    })
    if ((await hashFile(sample)) !== before) throw new Disproof('the source was changed')
    if (end.code === 0) {
      await expectFiles(folder, ['output.rtdc'])
      return expectSound(output)
    }
    const wasTooEarly = end.signal === signal && end.ms < afterMs + 1_000 && end.result === undefined
    if (end.code !== 130 && !wasTooEarly)
      throw new Disproof(
        `${signal} after ${afterMs.toFixed(0)} ms: exit ${end.code ?? end.signal}; ${end.complaints}`,
      )
    return expectFiles(folder, [])
  },
}
