import { describe, expect, test } from 'vitest'
import type { OAuthSwitches } from '../../../demo/sandbox/index.ts'
import {
  answerConsent,
  authorize,
  authorizeQuery,
  exchange,
  locationOf,
  oauthSandbox,
} from './authorizing.ts'

/** The two addresses on the page that lands twice: the image, then the document. */
async function landings(answer: Response): Promise<string[]> {
  const html = await answer.text()
  const image = /<img src="([^"]*)"/.exec(html)?.[1] ?? ''
  const document = /content="1;url=([^"]*)"/.exec(html)?.[1] ?? ''
  return [image, document].map((url) => url.replaceAll('&amp;', '&'))
}

const codeIn = (url = ''): string => new URL(url).searchParams.get('code') ?? ''

describe('double callback', () => {
  test('same-code: one browser opens the same address twice, whatever the authorize address says', async () => {
    const sandbox = oauthSandbox({}, { oauth: { doubleCallback: 'same-code' } })
    for (const extras of [{}, { connect_redirect: '1' }]) {
      const answer = await authorize(sandbox, authorizeQuery(extras))
      expect([answer.status, answer.headers.get('location')]).toEqual([200, null])
      const [first = '', second = ''] = await landings(answer)
      expect(first).toMatch(/^https:\/\/h5\.example\.com\/back\?code=\w{32}&state=a1B2$/)
      expect(second).toBe(first)
      expect(await exchange(sandbox, codeIn(first))).toHaveProperty('openid')
      expect((await exchange(sandbox, codeIn(second))).errcode).toBe(40163)
    }
  })

  test('new-code: another code with the same state, and connect_redirect=1 cures it', async () => {
    const sandbox = oauthSandbox({}, { oauth: { doubleCallback: 'new-code' } })
    const [first = '', second = ''] = await landings(await authorize(sandbox, authorizeQuery()))
    expect(codeIn(first)).not.toBe(codeIn(second))
    for (const url of [first, second]) {
      expect(new URL(url).searchParams.get('state')).toBe('a1B2')
      expect(await exchange(sandbox, codeIn(url))).toHaveProperty('openid')
    }
    const cured = await authorize(sandbox, authorizeQuery({ connect_redirect: '1' }))
    expect(locationOf(cured)).not.toBe('')
  })

  test('happens after a consent too', async () => {
    const sandbox = oauthSandbox({}, { visitor: 'stranger', oauth: { doubleCallback: 'same-code' } })
    const page = await authorize(sandbox, authorizeQuery({ scope: 'snsapi_userinfo' }))
    expect((await landings(await answerConsent(sandbox, page, 'allow')))[1]).toMatch(/code=\w{32}/)
  })

  test('a hostile redirect_uri stays an address inside its attribute', async () => {
    const sandbox = oauthSandbox({}, { oauth: { doubleCallback: 'same-code' } })
    const redirectUri = 'https://h5.example.com/"><script>alert(1)</script>'
    const html = await (await authorize(sandbox, authorizeQuery({ redirect_uri: redirectUri }))).text()
    expect(html).not.toContain('<script')
  })
})

describe('cookies lost', () => {
  test('the landing tells the browser to forget its cookies', async () => {
    const sandbox = oauthSandbox()
    const landing = () => authorize(sandbox, authorizeQuery())
    expect((await landing()).headers.get('clear-site-data')).toBeNull()
    sandbox.setOAuth({ cookiesLost: true })
    const answer = await landing()
    expect([answer.status, answer.headers.get('clear-site-data')]).toEqual([302, '"cookies"'])
    sandbox.setOAuth({ doubleCallback: 'same-code' })
    expect((await landing()).headers.get('clear-site-data')).toBe('"cookies"')
  })
})

describe('/__sandbox/oauth', () => {
  const ask = async (sandbox: ReturnType<typeof oauthSandbox>, init?: RequestInit) => {
    const answer = await sandbox.fetch(new Request('http://localhost:8788/__sandbox/oauth', init))
    return { status: answer.status, json: (await answer.json()) as OAuthSwitches }
  }

  test('shows and changes the switches; reset brings back those of the options', async () => {
    const sandbox = oauthSandbox({}, { oauth: { refusal: 'state-only' } })
    const start = (await ask(sandbox)).json
    expect(start).toEqual({
      requireWechatUserAgent: false,
      doubleCallback: false,
      cookiesLost: false,
      refusal: 'state-only',
      remembersConsent: false,
      snapshotProfile: 'refused',
      snapshotMark: true,
    })
    const body = JSON.stringify({ cookiesLost: true, refusal: 'stays' })
    expect((await ask(sandbox, { method: 'POST', body })).json).toMatchObject({
      cookiesLost: true,
      refusal: 'stays',
    })
    expect(sandbox.snapshot().oauth).toMatchObject({ cookiesLost: true, refusal: 'stays' })
    sandbox.reset()
    expect((await ask(sandbox)).json).toEqual(start)
  })

  test.each([{ doubleCallback: true }, { cookieLost: true }, []])('%j is 400', async (body) => {
    expect((await ask(oauthSandbox(), { method: 'POST', body: JSON.stringify(body) })).status).toBe(400)
  })
})
