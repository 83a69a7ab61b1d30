/** English texts of results and errors. */
export const result = {} as const
