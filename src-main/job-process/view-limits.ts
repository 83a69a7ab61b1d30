/**
 * How much of a file is shown: what a hostile one says must neither fill the memory nor a message to the window.
 * What is left out is told in a warning W_SHOWN, a text that was cut ends in an ellipsis.
 */
export const VIEW_LIMITS = {
  attributes: 10_000,
  features: 10_000,
  logs: 10_000,
  tables: 10_000,
  columns: 1_000,
  otherGroups: 10_000,
  warnings: 1_000,
  basins: 200,
  /** Basins of each nested file, and nested files of one view together. */
  nestedBasins: 50,
  nestedFiles: 50,
  pathsOfBasin: 50,
  featuresOfBasin: 1_000,
  logLines: 5_000,
  /** Elements of an array in an attribute. */
  elements: 1_000,
  nameCharacters: 1_000,
  textCharacters: 10_000,
  /** Of all texts of one view together; whatever comes after is cut to a name's length. */
  viewCharacters: 8_000_000,
} as const
