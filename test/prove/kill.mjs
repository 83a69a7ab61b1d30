// Killed at a random instant, a rewrite never leaves a half file under the output's name, never touches the source, and
// does not stand in the way of the next try.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Disproof, expectFiles, expectSound, hashFile, runInterrupted } from './proof.mjs'

/** @type {import('./proof.mjs').Proof} */
export const kill = {
  name: 'kill',
  rounds: 100,
  async run({ folder, sample, random, typicalMs }) {
    const before = await hashFile(sample)
    const output = join(folder, 'output.rtdc')
    const command = ['rewrite', sample, '--out', output, '--compression', 'gzip']
    await runInterrupted(command, { signal: 'SIGKILL', afterMs: random() * typicalMs })
    if ((await hashFile(sample)) !== before) throw new Disproof('the source was changed')
    if (existsSync(output)) await expectSound(output)
    const again = await runInterrupted([...command, '--overwrite'])
    if (again.code !== 0)
      throw new Disproof(`the next try ended with exit ${again.code}: ${again.complaints}`)
    await expectFiles(folder, ['output.rtdc'])
    await expectSound(output)
  },
}
