import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shareLink } from '../../../client/share-link.ts'
import { createWeixinOn } from '../../../client/weixin.ts'
import { createFakePage, type FakeOptions } from './fake-page.ts'

function open(options: FakeOptions = {}) {
  const fake = createFakePage({ href: 'https://h5.example.com/shop/?id=7', ...options })
  const weixin = createWeixinOn(fake.page, { service: 'https://mem.example.com' })
  const sent = (name: string) => fake.invoked.find((call) => call.name === name)?.args
  return { ...fake, weixin, sent }
}
const missing = () => ({ err_msg: 'system:function_not_exist' })
const content = { title: 'Spring menu', desc: 'New dishes', imgUrl: '../images/spring.png' }

describe('share', () => {
  it('sets both targets with the new APIs and absolute addresses', async () => {
    const { weixin, sent } = open()
    const link = 'https://h5.example.com/shop/?id=7'
    const imgUrl = 'https://h5.example.com/images/spring.png'
    await expect(weixin.share(content)).resolves.toStrictEqual({
      link,
      appMessage: { ok: true, api: 'updateAppMessageShareData' },
      timeline: { ok: true, api: 'updateTimelineShareData' },
    })
    expect(sent('updateAppMessageShareData')).toMatchObject({
      title: 'Spring menu',
      desc: 'New dishes',
      link,
      imgUrl,
    })
    expect(sent('updateTimelineShareData')).toMatchObject({ title: 'Spring menu', link, imgUrl })
  })

  it('falls back to the old API where the client lacks the new one', async () => {
    const { weixin, push, sent } = open({
      native: { updateAppMessageShareData: missing, updateTimelineShareData: missing },
    })
    await expect(weixin.share(content)).resolves.toMatchObject({
      appMessage: { ok: true, api: 'onMenuShareAppMessage' },
      timeline: { ok: true, api: 'onMenuShareTimeline' },
    })
    push('menu:share:appmessage', {})
    push('menu:share:timeline', {})
    const link = 'https://h5.example.com/shop/?id=7'
    expect(sent('sendAppMessage')).toMatchObject({ title: 'Spring menu', desc: 'New dishes', link })
    expect(sent('shareTimeline')).toMatchObject({ title: 'Spring menu', link })
  })

  it('reports the target that failed', async () => {
    const { weixin } = open({
      native: { updateTimelineShareData: () => ({ err_msg: 'system:access_denied' }) },
    })
    await expect(weixin.share(content)).resolves.toMatchObject({
      appMessage: { ok: true },
      timeline: {
        ok: false,
        api: 'updateTimelineShareData',
        code: 'permission_denied',
        errMsg: 'updateTimelineShareData:permission denied',
      },
    })
  })

  it('rejects when both targets failed', async () => {
    const denied = () => ({ err_msg: 'system:access_denied' })
    const native = { updateAppMessageShareData: denied, updateTimelineShareData: denied }
    await expect(open({ native }).weixin.share(content)).rejects.toMatchObject({ code: 'permission_denied' })
  })

  it('rejects with what kept the page from being ready', async () => {
    await expect(open({ accepts: () => false }).weixin.share(content)).rejects.toMatchObject({
      code: 'invalid_signature',
    })
  })

  it.each([
    ['title', { ...content, title: '' }],
    ['imgUrl', { ...content, imgUrl: '' }],
    ['imgUrl', { ...content, imgUrl: 'data:image/png;base64,AA==' }],
    ['link', { ...content, link: '' }],
    ['link', { ...content, link: 'javascript:alert(1)' }],
    ['link', { ...content, link: 'https://evil.com/h5.example.com' }],
    ['link', { ...content, link: '//other.org/' }],
    ['Invalid URL', { ...content, link: 'https://' }],
  ])('refuses a wrong %s before it asks anybody', async (name, wrong) => {
    const { weixin, requests } = open()
    const outcome = weixin.share(wrong)
    await expect(outcome).rejects.toMatchObject({ code: 'invalid_argument' })
    await expect(outcome).rejects.toThrow(name)
    expect(requests).toEqual([])
  })
})

describe('the shared link', () => {
  it.each([
    ['https://h5.example.com/a?x=1', 'https://h5.example.com/a?x=1'],
    ['https://h5.example.com', 'https://h5.example.com/'],
    ['https://h5.example.com/a#section', 'https://h5.example.com/a'],
    ['https://h5.example.com/a?x=1#wechat_redirect', 'https://h5.example.com/a?x=1'],
    ['https://h5.example.com/#/route?x=1', 'https://h5.example.com/#/route?x=1'],
    ['https://h5.example.com/#!/route', 'https://h5.example.com/#!/route'],
    ['https://h5.example.com/a?openid=o1&x=1', 'https://h5.example.com/a?x=1'],
    ['https://h5.example.com/a?x=1&openid=o1', 'https://h5.example.com/a?x=1'],
    [
      'https://h5.example.com/a?x=1&openid=o1&userid=2&y=2&unionid=u&ticket=t',
      'https://h5.example.com/a?x=1&y=2',
    ],
    ['https://h5.example.com/a?OpenID=o1&ticket=#/r?unionid=u&z=1', 'https://h5.example.com/a#/r?z=1'],
    ['https://h5.example.com/a?openid=o1#/r?openid=o2', 'https://h5.example.com/a#/r'],
    ['https://h5.example.com/a?code=071&state=S1&x=1', 'https://h5.example.com/a?x=1'],
    ['https://h5.example.com/a?code=071', 'https://h5.example.com/a?code=071'],
    [
      'https://h5.example.com/a?x=1&unionidabsent=scope&autherror=snapshot_user&authtrip=snapsi_base#/r?y=1',
      'https://h5.example.com/a?x=1#/r?y=1',
    ],
    ['https://h5.example.com/a?portid=4&appid=wx1&openid=o1', 'https://h5.example.com/a?portid=4&appid=wx1'],
    [
      'https://h5.example.com/wx/api/fans/authInfo?portid=4&redirectPath=https://h5.example.com/a&code=1&state=2&portid=4&openid=o1',
      'https://h5.example.com/wx/api/fans/authInfo?portid=4&redirectPath=https://h5.example.com/a&portid=4',
    ],
    ['https://h5.example.com/a?myopenid=1&ticketing=2', 'https://h5.example.com/a?myopenid=1&ticketing=2'],
    ['https://h5.example.com/a?q=%E4%B8%AD+%20&e', 'https://h5.example.com/a?q=%E4%B8%AD+%20&e'],
  ])('from the page %s is %s', (page, link) => {
    expect(shareLink(undefined, page)).toBe(link)
  })

  it.each([
    ['/b?openid=o1#frag', 'https://h5.example.com/b?openid=o1#frag'],
    ['https://www.example.com/', 'https://www.example.com/'],
    ['http://example.com:8080/', 'http://example.com:8080/'],
  ])('given as %s stays %s', (link, expected) => {
    expect(shareLink(link, 'https://h5.example.com/a')).toBe(expected)
  })

  it('compares addresses without names as a whole', () => {
    expect(shareLink('/b', 'http://127.0.0.1:8787/a')).toBe('http://127.0.0.1:8787/b')
    expect(() => shareLink('http://10.0.0.1/', 'http://127.0.0.1/')).toThrow('10.0.0.1')
    expect(shareLink('http://localhost:1/', 'http://localhost:2/')).toBe('http://localhost:1/')
  })

  it('never tells who looked at the page, and loses nothing else', () => {
    const plain = fc.constantFrom('x=1', 'y=%20+', 'from=timeline', 'flag', 'code=9', 'openids=1')
    const personal = fc.constantFrom(
      'openid=SECRET',
      'UNIONID=SECRET',
      'userid=SECRET',
      'ticket=SECRET',
      'autherror=SECRET',
    )
    const pairs = fc.array(fc.oneof(plain, personal), { maxLength: 6 })
    fc.assert(
      fc.property(pairs, fc.option(pairs, { nil: undefined }), (query, route) => {
        const join = (list: string[]) => (list.length > 0 ? `?${list.join('&')}` : '')
        const build = (keep: (pair: string) => boolean) =>
          `https://h5.example.com/a${join(query.filter(keep))}${route ? `#/r${join(route.filter(keep))}` : ''}`
        expect(
          shareLink(
            undefined,
            build(() => true),
          ),
        ).toBe(build((pair) => !pair.includes('SECRET')))
      }),
    )
  })
})
