import type { SampleMaker } from '../jobs/sample-maker.ts'
import type { FileTokens } from './file-tokens.ts'
import { handle } from './handle.ts'

/** Answers `weir:make-sample`. */
export function answerSample(sample: SampleMaker, tokens: FileTokens): void {
  handle('weir:make-sample', async () => tokens.issueFile(await sample.make()))
}
