import type { WindowEvent } from '../../../src-preload/contract.ts'
import { onWindowEvent, readQueue } from '../../bridge.ts'
import { applyEvent, applySnapshot } from './apply-event.ts'

/** Keeps the store equal to main's queue from now on; gives the function that ends it. Rejects if main does not answer. */
export async function followQueue(): Promise<() => void> {
  const early: WindowEvent[] = []
  let hear = (event: WindowEvent): unknown => early.push(event)
  const stop = onWindowEvent((event) => hear(event))
  applySnapshot(await readQueue())
  hear = applyEvent
  for (const event of early) applyEvent(event)
  return stop
}
