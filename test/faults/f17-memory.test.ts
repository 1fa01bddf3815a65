import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { fault } from '../support/fault.ts'

const GROWTH = fileURLToPath(new URL('../support/growth.ts', import.meta.url))
const VISITORS = 5_000
/** Less than anything that is kept of a visitor for good. */
const BYTES_EACH = 80
const MB = 1_000_000

interface Heap {
  readonly before: number
  readonly full: number
  readonly later: number
}

// The maps alone are given a million keys in test/unit/storage and test/unit/http.
fault(
  'F17',
  {
    injected: `${VISITORS} visitors who come once: addresses, pages, states, codes, paths and origins all different`,
    expected: 'memory is flat once their windows are over',
  },
  async (see) => {
    const run = promisify(execFile)
    const child = [process.execPath, ['--expose-gc', '--import', 'tsx', GROWTH, String(VISITORS)]] as const
    const { before, full, later } = JSON.parse((await run(...child)).stdout) as Heap
    const grown = (bytes: number) => `${((bytes - before) / MB).toFixed(1)} MB`
    see(`heap: ${grown(full)} more while they are remembered, ${grown(later)} more half an hour later`)
    expect(later - before).toBeLessThan(VISITORS * BYTES_EACH)
  },
)
