import { test } from 'vitest'

/** One line of the fault table, as the tests leave it for the reporter. */
export interface FaultRow {
  readonly id: string
  readonly injected: string
  readonly expected: string
  readonly seen: readonly string[]
  /** Why the row failed; absent when it did not. */
  readonly failed?: string
}

declare module 'vitest' {
  interface TaskMeta {
    fault?: FaultRow
  }
}

/** What one row of the fault table says, apart from what is seen. */
export interface FaultOptions {
  readonly injected: string
  readonly expected: string
  /** Default: the project's. */
  readonly timeoutMs?: number
  /** True skips the row, as where there is no Redis; with `CI=true` the missing server has failed before. */
  readonly skip?: boolean
}

/**
 * One row of the fault table as a test: `see` collects what was measured, and the row is printed when the test is
 * over, with FAILED and what was seen until then when it threw.
 *
 * @example
 * fault('F12', { injected: 'a wrong secret', expected: 'one call upstream' }, async (see) => {
 *   see(`${sandbox.calls().length} calls`)
 *   expect(sandbox.calls()).toHaveLength(1)
 * })
 */
export function fault(
  id: string,
  row: FaultOptions,
  run: (see: (what: string) => void) => Promise<void>,
): void {
  const options = {
    ...(row.timeoutMs === undefined ? {} : { timeout: row.timeoutMs }),
    skip: row.skip ?? false,
  }
  test(`${id}: ${row.injected}: ${row.expected}`, options, async ({ task }) => {
    const seen: string[] = []
    const { injected, expected } = row
    // Before the run: a row that runs out of time is in the table too.
    task.meta.fault = { id, injected, expected, seen, failed: 'it did not end in time' }
    try {
      await run((what) => seen.push(what))
      task.meta.fault = { id, injected, expected, seen }
    } catch (error) {
      task.meta.fault = { id, injected, expected, seen, failed: firstLine(error) }
      throw error
    } finally {
      console.log(faultLine(task.meta.fault))
    }
  })
}

/** The line of one row. */
export function faultLine({ id, injected, expected, seen, failed }: FaultRow): string {
  const saw = seen.length === 0 ? 'nothing' : seen.join('; ')
  const verdict = failed === undefined ? 'ok' : `FAILED (${failed})`
  return `${id.padEnd(4)} injected: ${injected}  expected: ${expected}  seen: ${saw}  ${verdict}`
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.split('\n')[0] ?? ''
}
