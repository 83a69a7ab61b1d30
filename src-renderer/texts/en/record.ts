/** English texts of recording. */
export const record = {} as const
