import { describe, expect, test } from 'vitest'
import {
  answerConsent,
  authorize,
  authorizeQuery,
  codeFor,
  exchange,
  locationOf,
  oauthSandbox,
  signIn,
  sns,
  textOf,
} from './authorizing.ts'

const asking = authorizeQuery({ scope: 'snsapi_userinfo' })

describe('the consent page', () => {
  test('a stranger is asked, and lands after saying yes', async () => {
    const sandbox = oauthSandbox({}, { visitor: 'stranger' })
    const page = await authorize(sandbox, asking)
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const html = await page.clone().text()
    expect(html).toContain('获取你的昵称、头像')
    expect(html).toContain('Ada')
    expect(html).not.toContain('<script')
    const landing = await answerConsent(sandbox, page, 'allow')
    expect(locationOf(landing)).toMatch(/^https:\/\/h5\.example\.com\/back\?code=\w{32}&state=a1B2$/)
    const code = new URL(locationOf(landing)).searchParams.get('code') ?? ''
    expect(await exchange(sandbox, code)).toMatchObject({
      scope: 'snsapi_userinfo',
      openid: sandbox.identityOf('stranger').openid,
    })
  })

  test('it speaks English to those who ask for it', async () => {
    const sandbox = oauthSandbox({ name: 'Shop <b>' }, { visitor: 'stranger' })
    const html = await (await authorize(sandbox, asking, { 'accept-language': 'en-US,en' })).text()
    expect(html).toContain('Get your nickname and profile photo')
    expect(html).toContain('<html lang="en">')
    expect(html).toContain('Shop &lt;b&gt;')
    expect(html).not.toContain('Shop <b>')
  })

  test('an answer counts once, and for ten minutes', async () => {
    const sandbox = oauthSandbox({}, { visitor: 'stranger' })
    const html = await (await authorize(sandbox, asking)).text()
    expect(locationOf(await answerConsent(sandbox, html, 'allow'))).not.toBe('')
    expect(await textOf(await answerConsent(sandbox, html, 'allow'))).toBe('该链接无法访问')
    const late = await authorize(sandbox, asking)
    sandbox.clock.advance(600_000)
    expect(await textOf(await answerConsent(sandbox, late, 'allow'))).toBe('该链接无法访问')
    expect(await textOf(await answerConsent(sandbox, 'name="consent" value="00"', 'allow'))).toBe(
      '该链接无法访问',
    )
  })

  test('a refusal stays on the page, from which one can be asked again', async () => {
    const sandbox = oauthSandbox({}, { visitor: 'stranger' })
    const refused = await answerConsent(sandbox, await authorize(sandbox, asking), 'refuse')
    expect([refused.status, refused.headers.get('location')]).toEqual([200, null])
    const html = await refused.text()
    expect(html).toContain('你已拒绝授权')
    const href = /href="([^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')
    expect(href).toBe(`/connect/oauth2/authorize?${asking}#wechat_redirect`)
    expect(sandbox.snapshot().accounts[0]?.codes).toEqual([])
  })

  test('by a switch a refusal goes back with the state and no code', async () => {
    const sandbox = oauthSandbox({}, { visitor: 'stranger', oauth: { refusal: 'state-only' } })
    const refused = await answerConsent(sandbox, await authorize(sandbox, asking), 'refuse')
    expect(locationOf(refused)).toBe('https://h5.example.com/back?state=a1B2')
    const bare = authorizeQuery({ scope: 'snsapi_userinfo', state: undefined })
    const silent = await answerConsent(sandbox, await authorize(sandbox, bare), 'refuse')
    expect(locationOf(silent)).toBe('https://h5.example.com/back')
  })

  test('the visitor who refuses says so without seeing the page, and not for snsapi_base', async () => {
    const sandbox = oauthSandbox({}, { visitor: 'refuser' })
    expect(await textOf(await authorize(sandbox, asking))).toBe('你已拒绝授权')
    expect(await codeFor(sandbox, 'snsapi_base')).toHaveLength(32)
  })

  test('a follower from the chat is never asked, forcePopup or not', async () => {
    const sandbox = oauthSandbox()
    expect(await codeFor(sandbox, 'snsapi_userinfo')).toHaveLength(32)
    expect(await codeFor(sandbox, 'snsapi_userinfo', { forcePopup: 'true' })).toHaveLength(32)
  })

  test('a follower from a link is asked', async () => {
    const sandbox = oauthSandbox({}, { visitor: 'link-follower' })
    expect(await (await authorize(sandbox, asking)).text()).toContain('name="consent"')
  })

  test('a consent is remembered by a switch only, and forcePopup asks again', async () => {
    const sandbox = oauthSandbox({}, { visitor: 'stranger' })
    await answerConsent(sandbox, await authorize(sandbox, asking), 'allow')
    expect((await authorize(sandbox, asking)).status).toBe(200)
    sandbox.setOAuth({ remembersConsent: true })
    expect((await authorize(sandbox, asking)).status).toBe(302)
    const forced = authorizeQuery({ scope: 'snsapi_userinfo', forcePopup: 'true' })
    expect((await authorize(sandbox, forced)).status).toBe(200)
    sandbox.chooseVisitor('link-follower')
    expect((await authorize(sandbox, asking)).status).toBe(200)
  })
})

describe('snapshot pages', () => {
  test('a snapshot visitor is not asked and is a made-up person', async () => {
    const sandbox = oauthSandbox({}, { visitor: 'snapshot' })
    const body = await exchange(sandbox, await codeFor(sandbox, 'snsapi_userinfo'))
    const real = sandbox.identityOf('snapshot')
    expect(body).toMatchObject({
      is_snapshotuser: 1,
      openid: expect.stringMatching(/^o.{27}$/),
      unionid: expect.stringMatching(/^o.{27}$/),
    })
    expect(body.openid).not.toBe(real.openid)
    expect(body.openid?.slice(0, 6)).toBe(real.openid.slice(0, 6))
    expect(body.unionid).not.toBe(real.unionid)
  })

  test('with snsapi_base the same visitor is real', async () => {
    const sandbox = oauthSandbox({}, { visitor: 'snapshot' })
    const body = await exchange(sandbox, await codeFor(sandbox, 'snsapi_base'))
    expect(body.openid).toBe(sandbox.identityOf('snapshot').openid)
    expect(body).not.toHaveProperty('is_snapshotuser')
  })

  test('forceSnapShot makes anybody a made-up person', async () => {
    const sandbox = oauthSandbox()
    const forced = await exchange(
      sandbox,
      await codeFor(sandbox, 'snsapi_userinfo', { forceSnapShot: 'true' }),
    )
    expect(forced.is_snapshotuser).toBe(1)
    const plain = await exchange(
      sandbox,
      await codeFor(sandbox, 'snsapi_userinfo', { forceSnapShot: 'false' }),
    )
    expect(plain).not.toHaveProperty('is_snapshotuser')
  })

  test('the mark may be missing, by a switch', async () => {
    const sandbox = oauthSandbox({}, { visitor: 'snapshot', oauth: { snapshotMark: false } })
    const body = await exchange(sandbox, await codeFor(sandbox, 'snsapi_userinfo'))
    expect(body).not.toHaveProperty('is_snapshotuser')
    expect(body.openid).not.toBe(sandbox.identityOf('snapshot').openid)
  })

  test('the profile is 48001, by a switch a made-up one', async () => {
    const sandbox = oauthSandbox({}, { visitor: 'snapshot' })
    const { accessToken, openid, unionid } = await signIn(sandbox, 'snsapi_userinfo')
    const profile = () => sns(sandbox, 'userinfo', { access_token: accessToken, openid })
    expect(await profile()).toMatchObject({ errcode: 48001 })
    sandbox.setOAuth({ snapshotProfile: 'virtual' })
    expect(await profile()).toMatchObject({ openid, unionid, nickname: '微信用户', headimgurl: '' })
  })
})
