import { http } from 'msw'
import { setupServer } from 'msw/node'
import { builtInAccount, createSandbox, mswHandler } from 'wx-h5-kit/sandbox'
import type { Settings } from '../src/backend.ts'

export const origin = 'https://h5.example.com'

/** WeChat in a box, with one account whose JS接口安全域名 is the domain of the page. */
export const sandbox = createSandbox({ accounts: [{ ...builtInAccount, safeDomains: ['h5.example.com'] }] })

/** Sends every call to WeChat of this process into the sandbox. */
export const wechat = setupServer(mswHandler(sandbox, http))

export const settings: Settings = {
  origin,
  appId: builtInAccount.appId,
  appSecret: builtInAccount.appSecret,
  database: 'memory',
}
