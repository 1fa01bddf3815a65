import { DefaultReporter, type TestModule } from 'vitest/node'
import { type FaultRow, faultLine } from './fault.ts'

/** Vitest's own report, followed by the table of faults: one line each, by number. */
class FaultReporter extends DefaultReporter {
  override onUserConsoleLog(): void {
    // The rows come at the end and not twice.
  }

  override onTestRunEnd(...[modules, errors, reason]: Parameters<DefaultReporter['onTestRunEnd']>): void {
    super.onTestRunEnd(modules, errors, reason)
    const rows = modules.flatMap(rowsOf)
    const failed = rows.filter((row) => row.failed !== undefined).length
    rows.sort((one, other) => numberOf(one) - numberOf(other))
    for (const row of rows) this.log(faultLine(row))
    this.log(`${rows.length} faults injected, ${failed} not survived`)
  }
}

function rowsOf(module: TestModule): FaultRow[] {
  return [...module.children.allTests()].flatMap((test) => test.meta().fault ?? [])
}

const numberOf = ({ id }: FaultRow): number => Number(/\d+/.exec(id)?.[0])

// biome-ignore lint/style/noDefaultExport: vitest looks for a reporter there.
export default FaultReporter
