import { setFlagsFromString } from 'node:v8'

/**
 * Has the garbage collector of this process, and of its threads, mark the heap at once instead of step by step. For processes of
 * Weir's own, at their start: the flag holds for all that runs in them.
 *
 * Chunks pass by the gigabyte through buffers outside of the heap. V8 counts these, too, and so begins to mark the small heap some ten
 * times a second, beside the work and in threads of its own, with next to nothing to collect. That took a tenth of all processor time.
 */
export function collectAtOnce(): void {
  setFlagsFromString('--no-incremental-marking')
}
