/** `damage`: bytes are wrong or missing; `violation`: readers of the field refuse or misread it; `alert`: should be looked at; `hint`: could be better. */
export type FindingLevel = 'damage' | 'violation' | 'alert' | 'hint'

/** One result of a verification. Codes: `E_*` damage, `V_*` violation, `A_*` alert, `H_*` hint. */
export interface Finding {
  readonly level: FindingLevel
  readonly code: string
  readonly message: string
  /** Path inside the file; null: the file as a whole. */
  readonly object: string | null
  /** Byte offset in the file. */
  readonly offset?: number
}

const LEVEL_OF: Readonly<Record<string, FindingLevel>> = {
  E: 'damage',
  V: 'violation',
  A: 'alert',
  H: 'hint',
}

/** Findings of one kind about one object that are listed before the rest is only counted. */
const MOST_OF_ONE_OBJECT = 20
/** Findings of one kind in the whole file that are listed. */
const MOST_OF_ONE_CODE = 200

/** Collects findings; a file with a million faults gives a short list and counts. */
export class FindingList {
  readonly #findings: Finding[] = []
  readonly #counts = new Map<string, number>()

  /** Adds a finding; its level follows from the first letter of its code. */
  add(code: string, object: string | null, message: string): void {
    this.addFinding({ level: levelOf(code), code, message, object })
  }

  addFinding(finding: Finding): void {
    const isListed = this.#count(finding.code) <= MOST_OF_ONE_CODE
    const isListedOfObject = this.#count(`${finding.code} ${finding.object}`) <= MOST_OF_ONE_OBJECT
    if (isListed && isListedOfObject) this.#findings.push(finding)
  }

  addAll(findings: readonly Finding[]): void {
    for (const finding of findings) this.addFinding(finding)
  }

  has(level: FindingLevel): boolean {
    return this.#findings.some((finding) => finding.level === level)
  }

  /** All findings, gravest level first, otherwise as they came; then how many of each kind were left out. */
  list(): Finding[] {
    const order: readonly FindingLevel[] = ['damage', 'violation', 'alert', 'hint']
    const all = [...this.#findings, ...this.#listLeftOut()]
    return all.sort((one, other) => order.indexOf(one.level) - order.indexOf(other.level))
  }

  #count(key: string): number {
    const count = (this.#counts.get(key) ?? 0) + 1
    this.#counts.set(key, count)
    return count
  }

  #listLeftOut(): Finding[] {
    const listed = new Map<string, number>()
    for (const { code } of this.#findings) listed.set(code, (listed.get(code) ?? 0) + 1)
    return [...listed].flatMap(([code, count]): Finding[] => {
      const more = (this.#counts.get(code) ?? 0) - count
      if (more === 0) return []
      return [
        {
          level: levelOf(code),
          code,
          message: `${more} more findings with this code are not listed`,
          object: null,
        },
      ]
    })
  }
}

export function levelOf(code: string): FindingLevel {
  return LEVEL_OF[code.charAt(0)] ?? 'alert'
}
