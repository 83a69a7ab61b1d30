/** What may stand in braces in the template of a name. */
export const NAME_TOKENS = ['stem', 'date', 'run', 'sample', 'task', 'n', 'id7'] as const

export type NameToken = (typeof NAME_TOKENS)[number]
