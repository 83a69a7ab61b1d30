import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'

/** `failed`: main could not do what was asked; `refused`: files that were not taken; `warned`: something that concerns no job. */
export type NoticeKind = 'failed' | 'refused' | 'warned'

export interface NoticeLine {
  readonly path: string | null
  readonly message: string
}

export interface Notice {
  readonly id: number
  readonly kind: NoticeKind
  readonly lines: readonly NoticeLine[]
}

/** More would cover the window; the oldest go first. */
const MAX_NOTICES = 5

/** What the user is told beside the queue, until it is dismissed. */
export const useNoticesStore = defineStore('notices', () => {
  const notices = shallowRef<readonly Notice[]>([])
  const count = ref(0)

  /** The same said again takes the place of what was said before. */
  function add(kind: NoticeKind, lines: readonly NoticeLine[]): void {
    count.value++
    const text = JSON.stringify(lines)
    const others = notices.value.filter(
      (notice) => notice.kind !== kind || JSON.stringify(notice.lines) !== text,
    )
    notices.value = [...others, { id: count.value, kind, lines }].slice(-MAX_NOTICES)
  }

  function dismiss(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id)
  }

  return { notices, count, add, dismiss }
})
