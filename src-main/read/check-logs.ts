import { elementCount, shapeOf } from '../hdf5/model.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import type { FindingList } from './finding.ts'
import { hasLineLimit } from './log-inspector.ts'
import type { MeasurementStructure } from './measurement-structure.ts'

/** Checks that `logs` is a group of datasets with lines of text; how long the lines are, LogInspector sees. */
export function checkLogs(structure: MeasurementStructure, findings: FindingList): void {
  const { logs, otherObjects } = structure
  for (const { path, kind } of otherObjects) {
    if (path === '/logs' && kind === 'dataset')
      findings.add('V_LOG', path, `${path} should be a group of logs, but is a dataset: dclab fails on it`)
  }
  checkTables(structure, findings)
  for (const { path, links } of logs.groups) {
    if (links.length > 0)
      findings.add('V_LOG', path, `${path} should be a log, but is a group: dclab fails on what it holds`)
    else findings.add('A_LOG', path, `${path} should be a log, but is an empty group`)
  }
  for (const dataset of logs.datasets) {
    if (hasLineLimit(dataset.path)) checkLog(dataset, findings)
  }
}

/** dclab asks each table how large it is. */
function checkTables({ tables, otherObjects }: MeasurementStructure, findings: FindingList): void {
  for (const { path, kind } of otherObjects) {
    if (path === '/tables' && kind === 'dataset')
      findings.add(
        'A_SHAPE',
        path,
        `${path} should be a group of tables, but is a dataset: programs find no tables`,
      )
  }
  for (const { path } of tables.groups)
    findings.add('V_SHAPE', path, `${path} should be a table, but is a group: dclab fails on it`)
}

function checkLog({ path, dataspace, datatype }: StoredDataset, findings: FindingList): void {
  if (shapeOf(dataspace).length === 0) {
    findings.add('V_LOG', path, `${path} should be a list of lines, but is a single value: dclab fails on it`)
  } else if (elementCount(dataspace) > 0 && !datatype.class.endsWith('string')) {
    const isNumber = /^(integer|float|enum|bitfield)$/.test(datatype.class)
    const message = `${path} should hold lines of text, but holds ${datatype.class} values`
    if (isNumber) findings.add('V_LOG', path, `${message}: dclab fails on them`)
    else findings.add('A_LOG', path, message)
  }
}
