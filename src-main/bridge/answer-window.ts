import { answerAppInfo } from './answer-app-info.ts'
import { answerBasins } from './answer-basins.ts'
import { answerFileViews, type ViewParts } from './answer-file-views.ts'
import { answerFiles, type FileParts } from './answer-files.ts'
import { answerQueue, type QueueParts } from './answer-queue.ts'
import { answerSample } from './answer-sample.ts'
import { answerShowInFolder } from './answer-show-in-folder.ts'
import type { SampleMaker } from '../jobs/sample-maker.ts'
import { stampOf } from './look-at-disk.ts'
import { BasinPlans } from './plan-basin-jobs.ts'
import { JobPlans } from './plan-jobs.ts'

export type WindowParts = FileParts & ViewParts & Omit<QueueParts, 'plans'> & { readonly sample: SampleMaker }

/** Answers every request of the contract; to be called once, before the window is made. */
export function answerWindow(parts: WindowParts): void {
  const { queue, tokens, lookup, inputRoots, reader, sample } = parts
  const plans = new JobPlans({
    ...{ queue, tokens, lookup, inputRoots, stampOf },
    describe: (path) => reader.describe(path, []),
  })
  answerAppInfo()
  answerFiles(parts)
  answerFileViews(parts)
  answerQueue({ ...parts, plans })
  answerBasins({ ...parts, basinPlans: new BasinPlans({ ...parts, plans }) })
  answerShowInFolder(queue, lookup)
  answerSample(sample, tokens)
}
