import { describe, expect, it } from 'vitest'

import { fromTypedArray } from '../../../src-main/write/nd-array.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { expectedContents, produce, recordingOf } from './frame-source.ts'
import {
  putFrames,
  readContents,
  setUpWriter,
  type MakeQueueWriter,
  type SuiteOptions,
} from './queue-writer-suite.ts'

/** How callers may treat every queue writer. */
export function describeQueueWriterCalls(make: MakeQueueWriter): void {
  const setUp = (options: SuiteOptions) => setUpWriter(make, options)

  describe('writes', () => {
    it('once: a second run is refused and leaves the output as it is', async () => {
      const recording = recordingOf([1, 2])
      const { path, writer } = await setUp({ recording })
      await Promise.all([writer.run(), produce(recording, writer)])
      expect((await expectRejection(writer.run(), 'E_USAGE')).message).toContain('only once')
      expect(await readContents(path, recording)).toEqual(expectedContents(recording))
    })

    it('what was put, also where the caller fills its array anew as soon as it may', async () => {
      const recording = recordingOf([1, 1, 1], { order: [2, 1, 0] })
      const { path, writer } = await setUp({ recording })
      const running = writer.run()
      const values = new Float64Array(1)
      for (const position of recording.order) {
        values[0] = position * 100
        writer.featNevents.set(position, 1)
        const putting = writer.eventQueue.put(position, new Map([['deform', fromTypedArray(values)]]))
        values[0] = -1
        await putting
      }
      await running
      expect(await readContents(path, recording)).toEqual(expectedContents(recording))
    })

    it('frames far before their turn in bounded memory: their producers wait, earlier frames pass by', async () => {
      const counts = new Array<number>(40).fill(1)
      const recording = recordingOf(counts)
      let tell = (_message: string): void => undefined
      const told = new Promise<string>((resolve) => (tell = resolve))
      const logger = {
        info: () => undefined,
        warning: (message: string) => tell(message),
        error: () => undefined,
      }
      const { path, writer } = await setUp({ recording, queueBytes: 600, earlyBytes: 2000, logger })
      const running = writer.run()
      const late = counts.map((_, position) => 39 - position).filter((position) => position > 0)
      const putting = Promise.all(late.map((position) => putFrames(writer, [[position, 1]])))
      expect(await told).toMatch(/came before their turn, so producers wait until frames below 3 are there/)
      expect(writer.eventQueue.waiting).toBeGreaterThan(20)
      await putFrames(writer, [[0, 1]])
      await putting
      await running
      expect(await readContents(path, recording)).toEqual(expectedContents(recording))
    })
  })
}
