/** English texts of the queue, its toolbar and dialogs. */
export const queue = {} as const
