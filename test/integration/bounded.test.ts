import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const growth = fileURLToPath(new URL('../support/growth.ts', import.meta.url))
const VISITORS = 10_000
const MB = 1_000_000

// What fits at most, and that nothing is searched or timed, is tested with a million keys where the maps are:
// test/unit/http/address-counts.test.ts and test/unit/storage/one-time.test.ts.
test('visitors who are seen once are forgotten: their addresses, pages, states and ids', {
  timeout: 120_000,
}, async () => {
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--expose-gc', '--import', 'tsx', growth, String(VISITORS)])
  const { before, full, later, seen } = JSON.parse(stdout) as {
    before: number
    full: number
    later: number
    seen: Record<string, number>
  }
  const visitors = VISITORS + 2_020
  expect(seen).toEqual({
    '200 /v1/jsapi/signature': visitors,
    '403 /v1/jsapi/signature': visitors,
    '302 /wx/api/fans/authInfo': visitors,
    '400 /wx/api/fans/authInfo/callback': visitors,
    '404 /nowhere/': visitors,
  })
  // While their windows last: two counts an address, of about 150 bytes.
  expect(full - before).toBeLessThan(VISITORS * 600)
  expect(later - before).toBeLessThan(2 * MB)
})
