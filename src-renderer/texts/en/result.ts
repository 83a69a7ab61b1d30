import { errors, warnings } from './errors.ts'

/** English texts of results and errors. */
export const result = {
  errors,
  warnings,
  result: {
    none: { title: 'No job is selected', sentence: 'Select a row of the queue to see how it ended.' },
    many: '{count} jobs are selected',
    manyStates: '{done} done, {failed} failed, {cancelled} cancelled, {others} not ended',
    waiting: {
      title: 'Not started yet',
      sentence: 'Sizes, proof and warnings are shown here when the job has ended.',
    },
    unfinished: {
      title: 'Not finished in the last session',
      sentence: 'Weir ended while this job was under way. Start it to run it again from the beginning.',
    },
    running: {
      title: 'Running: {phase}',
      sentence: 'The monitor at the bottom shows its course.',
      starting: 'Starting',
      cancelling: 'Being cancelled',
      stopping: 'Being stopped: what was begun still arrives',
    },
    leftover: 'A temporary file is beside the output: look at it before it is replaced or removed.',
    done: { verified: 'Done and verified', unverified: 'Done, not verified' },
    output: 'Output',
    input: 'Input',
    refersTo: 'Refers to',
    refersMore: 'and {count} more',
    size: {
      title: 'Size',
      before: 'Before',
      after: 'After',
      smaller: '{percent} smaller ({ratio} to 1), {saved} saved',
      larger: '{percent} larger than before',
      same: 'as large as before',
      asStored:
        '{copied} of 1 feature copied as stored (not compressed again) | {copied} of {features} features copied as stored (not compressed again)',
    },
    facts: {
      events: 'Events',
      read: 'Raw data',
      seconds: 'Duration',
      rate: 'Raw data a second',
      ended: 'Ended',
      started: 'Added',
    },
    proof: {
      title: 'Proof of losslessness',
      chunks:
        '{chunks} chunks ({bytes}) were read back from the disk, unpacked and compared by SHA-256 with what went in: all are equal.',
      chunksAsStored:
        '{chunks} chunks ({bytes}) were read back from the disk and compared by SHA-256 with what went in (those copied as stored with the stored bytes of the input, the others unpacked): all are equal.',
      uncounted:
        'Every chunk was read back from the disk, unpacked and compared by SHA-256 with what went in: all are equal.',
      structure:
        'Every other byte of the file was compared as well, and the HDF5 library, which is not Weir, found the same structure.',
      independent: 'The HDF5 library also read every value and found the same.',
      name: 'The file was renamed only after this check.',
      none: 'Not verified: the job was told not to read the output back. What the disk holds was not compared with what went in.',
    },
    warnings: {
      title: 'Warnings',
      empty: 'No warnings',
      filter: 'Filter warnings',
      noMatch: 'No warning matches.',
      more: 'and {count} more',
      cut: 'The first {shown} of {count} are kept.',
    },
    failed: {
      title: 'Failed',
      cause: 'Likely cause',
      remedy: 'What to do',
      step: 'Step',
      object: 'Object',
      said: 'Details',
    },
    cancelled: {
      title: 'Cancelled',
      sentence: 'Nothing was left behind, and the original was not touched.',
      kept: '{count} events were recorded before that and are kept in this file:',
    },
    keptTitle: 'Kept recording',
    details: {
      title: 'Technical details',
      code: 'Code',
      phase: 'Step',
      object: 'Object in the file',
      offset: 'Byte',
      expected: 'Expected',
      actual: 'Found',
      lastWords: 'Last words of the process',
    },
    actions: {
      retry: 'Try again',
      replace: 'Start again and replace',
      showOutput: 'Show in folder',
      showInput: 'Show input in folder',
      showLeftover: 'Show temporary file',
      showKept: 'Show recording in folder',
      copy: 'Copy report',
      copied: 'Copied',
      notCopied: 'Not copied: the clipboard was refused',
    },
    replace: {
      title: 'Start again and replace?',
      sentence: 'When the new output is written and verified, it takes the place of what stands here:',
      leftover: 'This temporary file is removed first:',
      promise: 'The original is not touched.',
      confirm: 'Start again and replace',
      cancel: 'Keep them',
    },
  },
} as const
