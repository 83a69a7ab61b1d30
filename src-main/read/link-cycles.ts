/** A link from one group to another. */
interface GroupLink {
  readonly target: number
  /** Path of the link in the file. */
  readonly path: string
}

/** Which groups of a file hold which, by the addresses of their headers. */
export class GroupGraph {
  readonly #links = new Map<number, GroupLink[]>()

  add(group: number, link: GroupLink): void {
    const links = this.#links.get(group)
    if (links === undefined) this.#links.set(group, [link])
    else links.push(link)
  }

  /** Paths of the links that lead back to a group which holds them; without them every walk ends. */
  listCycles(): string[] {
    const cycles: string[] = []
    const finished = new Set<number>()
    for (const start of this.#links.keys()) {
      const open = new Set<number>()
      const steps = [{ group: start, next: 0 }]
      if (!finished.has(start)) open.add(start)
      else steps.pop()
      for (let step = steps.at(-1); step !== undefined; step = steps.at(-1)) {
        const link = this.#links.get(step.group)?.[step.next++]
        if (link === undefined) {
          steps.pop()
          open.delete(step.group)
          finished.add(step.group)
        } else if (open.has(link.target)) cycles.push(link.path)
        else if (!finished.has(link.target)) {
          open.add(link.target)
          steps.push({ group: link.target, next: 0 })
        }
      }
    }
    return cycles
  }
}
