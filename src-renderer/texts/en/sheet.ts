/** English texts of job sheet and file contents. */
export const sheet = {} as const
