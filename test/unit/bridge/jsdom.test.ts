// @vitest-environment jsdom
// @vitest-environment-options {"url": "https://h5.example.com/shop?id=1"}
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type InstalledBridge, installWeixinBridge } from '../../../demo/sandbox/bridge/index.ts'
import { builtInAccount, createSandbox } from '../../../demo/sandbox/index.ts'
import { signJsapi } from '../../../server/jsapi/sign.ts'

// How a page's own tests use the bridge where there is no browser: the real SDK, a simulated client, a sandbox in
// the same process that verifies.

const { appId } = builtInAccount
const ticket = 'ticket-of-this-test'
const parts = { nonceStr: 'Wm3WZYTPz0wzccnW', timestamp: 1_414_587_457 }
let bridge: InstalledBridge

beforeEach(() => {
  const sandbox = createSandbox({ accounts: [{ ...builtInAccount, safeDomains: ['h5.example.com'] }] })
  sandbox.seedTicket(appId, 'jsapi', ticket)
  bridge = installWeixinBridge({
    profile: 'ios',
    overrideUserAgent: true,
    verify: (request) => sandbox.verifyConfig(request),
    ui: { scan: () => ({ text: 'table 12' }) },
  })
})
afterEach(() => bridge.uninstall())

interface Sdk {
  config(settings: object): void
  ready(then: () => void): void
  error(then: (refused: { errMsg: string }) => void): void
  scanQRCode(options: object): void
}

async function configure(signature: string): Promise<{ wx: Sdk; outcome: string }> {
  const wx = ((await import('weixin-js-sdk')) as unknown as { default: Sdk }).default
  const outcome = await new Promise<string>((resolve) => {
    wx.error(({ errMsg }) => resolve(errMsg))
    wx.config({ debug: false, appId, ...parts, signature, jsApiList: ['scanQRCode'], openTagList: [] })
    wx.ready(() => resolve('ready'))
  })
  return { wx, outcome }
}

test('in jsdom the SDK becomes ready with a right signature, is refused with a wrong one, and scans', async () => {
  const refused = await configure('0'.repeat(40))
  expect(refused.outcome).toBe('config:invalid signature')
  const { wx } = await configure(signJsapi({ ...parts, ticket, url: 'https://h5.example.com/shop?id=1' }))
  expect(bridge.verified()).toMatchObject({ appId })
  const scanned = await new Promise((resolve) => wx.scanQRCode({ needResult: 1, success: resolve }))
  expect(scanned).toMatchObject({ errMsg: 'scanQRCode:ok', resultStr: 'table 12' })
})
