import type { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBackend } from '../src/backend.ts'
import { origin, sandbox, settings, wechat } from './wechat.ts'

let backend: Hono

beforeAll(async () => {
  wechat.listen({ onUnhandledRequest: 'error' })
  backend = await createBackend(settings)
})
afterAll(() => wechat.close())

const sign = (url: string) =>
  backend.request('/mp/v1/jsapi/signature', { method: 'POST', body: new URLSearchParams({ url }) })

test.each(['ios', 'android'] as const)('WeChat on %s accepts the signature of the page', async (profile) => {
  const url = `${origin}/?from=singlemessage`
  const signature = await (await sign(url)).json()
  const verdict = sandbox.verifyConfig({
    ...signature,
    timestamp: String(signature.timestamp),
    profile,
    landingUrl: url,
    currentUrl: url,
    signType: 'sha1',
    jsApiList: ['scanQRCode'],
  })
  expect(verdict.errMsg).toBe('pre_verify_jsapi:ok')
})

test('a page of somebody else is not signed', async () => {
  const answer = await sign('https://h5.example.org/')
  expect(answer.status).toBe(403)
  expect(await answer.json()).toMatchObject({ code: 'origin_not_allowed' })
})

test('a bad day of WeChat has a name', async () => {
  sandbox.reset()
  sandbox.addFault({ kind: 'quota' })
  const another = await createBackend(settings)
  const answer = await another.request('/mp/v1/jsapi/signature', {
    method: 'POST',
    body: new URLSearchParams({ url: `${origin}/` }),
  })
  expect(await answer.json()).toMatchObject({ code: 'wechat_refused', errcode: 45009 })
})
