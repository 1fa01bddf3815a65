import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { account, classicToken, NOON, post, read, refusalOf, stableBody, stillSandbox } from './asking.ts'
import { request } from './page.ts'

const BAD_DOMAIN = 'pre_verify_jsapi:fail_invalid url domain'
const label = fc.stringMatching(/^[a-z]([a-z0-9]{0,5})$/)

describe('for all', () => {
  test('hosts: only a listed domain and what ends with a dot and it passes', () => {
    const sandbox = stillSandbox({ accounts: [{ ...account, safeDomains: ['example.com'] }] })
    const hosts = fc.oneof(
      fc.tuple(
        label,
        fc.constantFrom('.', '', '-', '.x'),
        fc.constantFrom('example.com', 'example.com.cn', 'xample.com'),
      ),
      fc.tuple(fc.constant(''), fc.constant(''), fc.constantFrom('example.com', 'EXAMPLE.com')),
    )
    fc.assert(
      fc.property(hosts, (parts) => {
        const host = parts.join('')
        const { errMsg } = sandbox.verifyConfig(request('x', { currentUrl: `https://${host}/p` }))
        const isListed = host.toLowerCase() === 'example.com' || host.endsWith('.example.com')
        expect(errMsg === BAD_DOMAIN).toBe(!isListed)
      }),
    )
  })

  test('texts in the place of an address: an answer, never an exception', () => {
    const sandbox = stillSandbox()
    sandbox.rotateTicket(account.appId)
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), fc.string(), (url, text) => {
        for (const currentUrl of [url, text, `https://example.com/${text}`]) {
          const { explanation } = sandbox.verifyConfig(request('x', { currentUrl, landingUrl: text }))
          expect(explanation?.reasonZh).not.toBe('')
        }
      }),
    )
  })

  test('orders of calls: the newest stable token works, has at least 300 s, and at most two work', async () => {
    const step = fc.record({
      action: fc.constantFrom('get', 'force', 'classic'),
      waitMs: fc.integer({ min: 0, max: 3_600_000 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const sandbox = stillSandbox()
        for (const { action, waitMs } of steps) {
          sandbox.clock.advance(waitMs)
          if (action === 'classic') {
            await classicToken(sandbox)
            continue
          }
          const body = stableBody({ force_refresh: action === 'force' })
          const { access_token: token = '', expires_in: left = 0 } = await read(
            post(sandbox, 'cgi-bin/stable_token', body),
          )
          expect(left).toBeGreaterThanOrEqual(300)
          expect(left).toBeLessThanOrEqual(7200)
          expect(await refusalOf(sandbox, token)).toBeUndefined()
          const { stable = [] } = sandbox.snapshot().accounts[0]?.tokens ?? {}
          expect(stable.filter(({ valid }) => valid).length).toBeLessThanOrEqual(2)
        }
        expect(sandbox.clock.now()).toBeGreaterThanOrEqual(NOON)
      }),
      { numRuns: 50 },
    )
  })
})
