import { http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  builtInAccount,
  createSandbox,
  mswHandler,
  type Sandbox,
  type ServedSandbox,
  serveSandbox,
} from '../../../demo/sandbox/index.ts'

const { appId, appSecret } = builtInAccount

/** The three steps of an authorization, by the way a program or a browser takes. */
async function signInThrough(open: string, api: string, sandbox: Sandbox) {
  const query = `appid=${appId}&redirect_uri=${encodeURIComponent('http://localhost:8787/cb')}&response_type=code`
  const page = await fetch(
    `${open}/connect/oauth2/authorize?${query}&scope=snsapi_userinfo&state=s1#wechat_redirect`,
    {
      redirect: 'manual',
    },
  )
  const landing = new URL(page.headers.get('location') ?? '')
  const exchange = new URLSearchParams({
    appid: appId,
    secret: appSecret,
    code: landing.searchParams.get('code') ?? '',
    grant_type: 'authorization_code',
  })
  const token = await fetch(`${api}/sns/oauth2/access_token?${exchange}`)
  const body = (await token.json()) as { openid: string; access_token: string }
  const who = new URLSearchParams({ access_token: body.access_token, openid: body.openid })
  const profile = (await (await fetch(`${api}/sns/userinfo?${who}`)).json()) as { headimgurl: string }
  return {
    status: page.status,
    landing: `${landing.origin}${landing.pathname} ${landing.searchParams.get('state')}`,
    type: token.headers.get('content-type'),
    isRight: body.openid === sandbox.identityOf('follower').openid,
    picture: profile.headimgurl,
  }
}

const expected = {
  status: 302,
  landing: 'http://localhost:8787/cb s1',
  type: 'text/plain',
  isRight: true,
}

describe('authorization through MSW', () => {
  const sandbox = createSandbox()
  const server = setupServer(mswHandler(sandbox, http))
  beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
  afterAll(() => server.close())

  test('code under test needs no change', async () => {
    expect(await signInThrough('https://open.weixin.qq.com', 'https://api.weixin.qq.com', sandbox)).toEqual({
      ...expected,
      picture: 'https://thirdwx.qlogo.cn/mmopen/vi_32/follower/132',
    })
  })
})

describe('authorization over a socket', () => {
  const open: ServedSandbox[] = []
  afterEach(async () => {
    await Promise.all(open.splice(0).map((served) => served.close()))
  })

  async function serve(phoneFolder?: string) {
    const sandbox = createSandbox(phoneFolder === undefined ? {} : { phoneFolder })
    const served = await serveSandbox(sandbox, { port: 0 })
    open.push(served)
    return { sandbox, url: served.url }
  }

  test('everything is at the root of the sandbox, with or without a phone there', async () => {
    for (const phoneFolder of [undefined, 'nowhere']) {
      const { sandbox, url } = await serve(phoneFolder)
      const picture = `${url}/mmopen/vi_32/follower/132`
      expect(await signInThrough(url, url, sandbox)).toEqual({ ...expected, picture })
      expect((await fetch(picture)).headers.get('content-type')).toBe('image/svg+xml')
    }
  })

  test('the form of the consent page is answered like a browser does', async () => {
    const { sandbox, url } = await serve()
    sandbox.chooseVisitor('stranger')
    const query = `appid=${appId}&redirect_uri=${encodeURIComponent('http://localhost:8787/cb')}&response_type=code`
    const page = await fetch(`${url}/connect/oauth2/authorize?${query}&scope=snsapi_userinfo`)
    const html = await page.text()
    const action = /action="([^"]*)"/.exec(html)?.[1] ?? ''
    const consent = /name="consent" value="([^"]*)"/.exec(html)?.[1] ?? ''
    const landing = await fetch(url + action, {
      method: 'POST',
      body: new URLSearchParams({ consent, answer: 'allow' }),
      redirect: 'manual',
    })
    expect([landing.status, landing.headers.get('location')]).toEqual([
      302,
      expect.stringMatching(/^http:\/\/localhost:8787\/cb\?code=\w{32}$/),
    ])
  })
})
