import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import type { EventChoice, IndexListView, Token } from '../../../src-preload/contract.ts'
import type { Asked } from '../file/use-file-store.ts'

/** What lists of events hold, by token. State only: asking lives in `use-index-lists.ts`. */
export const useIndexListsStore = defineStore('index-lists', () => {
  const lists = shallowReactive(new Map<Token, Asked<IndexListView>>())

  function readList(token: Token): IndexListView | null {
    const list = lists.get(token)
    return list?.state === 'there' ? list.value : null
  }

  /** How many events the list of a selection names; null: it is none, is not known yet or is not good. */
  function countEvents(events: EventChoice): number | null {
    const list = events.kind === 'indices' ? readList(events.file) : null
    return list?.problem === null ? list.count : null
  }

  return { lists, readList, countEvents }
})
