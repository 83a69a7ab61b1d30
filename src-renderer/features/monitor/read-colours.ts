import type { ChartColours } from './chart-options.ts'

/** The colours of the page as they are now. Custom properties hold `light-dark()`, which only a computed colour resolves. */
export function readColours(probe: HTMLElement): ChartColours {
  const read = (property: string): string => {
    probe.style.color = `var(${property})`
    return getComputedStyle(probe).color
  }
  return {
    ink: read('--ink'),
    line: read('--line'),
    quiet: read('--ink-quiet'),
    accent: read('--accent'),
    bad: read('--bad'),
  }
}
