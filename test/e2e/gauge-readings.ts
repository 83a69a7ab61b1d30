import type { Page } from '@playwright/test'

declare global {
  /** In the page, put there by `collectReadings`. */
  var weirTestReadings: number[] | undefined
}

/** Keeps every value that a gauge of the window shows from now on; the returned function gives them. */
export async function collectReadings(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const values: number[] = []
    globalThis.weirTestReadings = values
    const observer = new MutationObserver((changes) => {
      for (const { target } of changes) {
        const value = target instanceof Element ? target.getAttribute('data-queued-bytes') : null
        if (value !== null) values.push(Number(value))
      }
    })
    observer.observe(document.body, { subtree: true, attributeFilter: ['data-queued-bytes'] })
  })
  return () => page.evaluate(() => globalThis.weirTestReadings ?? [])
}
