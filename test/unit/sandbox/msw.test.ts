import { http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { builtInAccount, createSandbox, mswHandler } from '../../../demo/sandbox/index.ts'

const sandbox = createSandbox()
const server = setupServer(mswHandler(sandbox, http))
const { appId, appSecret } = builtInAccount
const path = `/cgi-bin/token?grant_type=client_credential&appid=${appId}&secret=${appSecret}`

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => sandbox.reset())
afterAll(() => server.close())

describe('through MSW', () => {
  test.each(['api', 'api2', 'sh.api', 'sz.api', 'hk.api'])(
    '%s.weixin.qq.com is the sandbox',
    async (host) => {
      const answer = await fetch(`https://${host}.weixin.qq.com${path}`)
      expect(answer.headers.get('content-type')).toBe('application/json; encoding=utf-8')
      expect(await answer.json()).toMatchObject({ expires_in: 7200 })
      expect(sandbox.calls()).toMatchObject([{ host: `${host}.weixin.qq.com`, path: 'cgi-bin/token' }])
    },
  )

  test.each(['open', 'mp'])('%s.weixin.qq.com is the sandbox', async (host) => {
    expect((await fetch(`https://${host}.weixin.qq.com/sdk/report`)).status).toBe(200)
  })

  test('a POST arrives with its body', async () => {
    const body = { grant_type: 'client_credential', appid: appId, secret: appSecret }
    const answer = await fetch('https://api.weixin.qq.com/cgi-bin/stable_token', {
      method: 'POST',
      body: JSON.stringify(body),
    })
    expect(await answer.json()).toMatchObject({ expires_in: 7200 })
  })

  test('another host is not the sandbox', async () => {
    const printed = vi.spyOn(console, 'error').mockReturnValue()
    await expect(fetch('https://api.weixin.qq.com.example.org/')).rejects.toThrow()
    expect(printed).toHaveBeenCalledOnce()
    expect(sandbox.calls()).toEqual([])
    printed.mockRestore()
  })

  test('reset is a network error', async () => {
    sandbox.setFaults([{ kind: 'reset' }])
    await expect(fetch(`https://api.weixin.qq.com${path}`)).rejects.toThrow('Failed to fetch')
  })

  test('hang lasts until the caller gives up', async () => {
    sandbox.setFaults([{ kind: 'hang' }])
    const answer = fetch(`https://api.weixin.qq.com${path}`, { signal: AbortSignal.timeout(20) })
    await expect(answer).rejects.toThrow(/abort|timeout/i)
    expect(sandbox.calls()).toHaveLength(1)
  })
})
