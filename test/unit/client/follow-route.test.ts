import { afterEach, describe, expect, it, vi } from 'vitest'
import { createWeixinOn } from '../../../client/weixin.ts'
import { android, createFakePage, type FakeOptions, iphone } from './fake-page.ts'

const content = { title: 'Menu', imgUrl: '/menu.png' }
const follow = { followRoute: true } as const

function open(options: FakeOptions = {}) {
  const fake = createFakePage({ href: 'https://h5.example.com/a', navigation: true, ...options })
  const weixin = createWeixinOn(fake.page, { service: 'https://mem.example.com' })
  const links = () =>
    fake.invoked.filter(({ name }) => name === 'updateAppMessageShareData').map(({ args }) => args.link)
  const navigate = async (href: string, event = 'currententrychange') => {
    fake.goTo(href)
    fake.fire(event)
    await new Promise(setImmediate)
  }
  return { ...fake, weixin, links, navigate }
}

afterEach(() => void vi.useRealTimers())

describe('a share that follows the route', () => {
  it.each([
    ['iOS', iphone, 1],
    ['Android', android, 3],
  ])(
    'is set anew with each address on %s, verified where needed',
    async (_name, userAgent, verifications) => {
      const { weixin, links, navigate, invoked } = open({ userAgent })
      const outcomes: unknown[] = []
      const report = await weixin.share(content, {
        ...follow,
        onFollowed: (outcome) => void outcomes.push(outcome),
      })
      expect(report).toMatchObject({ link: 'https://h5.example.com/a', stop: expect.any(Function) })
      await navigate('https://h5.example.com/b')
      await navigate('https://h5.example.com/c?x=1', 'popstate')
      await navigate('https://h5.example.com/c?x=1#/d', 'hashchange')
      expect(links()).toEqual([
        'https://h5.example.com/a',
        'https://h5.example.com/b',
        'https://h5.example.com/c?x=1',
        'https://h5.example.com/c?x=1#/d',
      ])
      expect(outcomes).toMatchObject([
        { link: 'https://h5.example.com/b' },
        { link: 'https://h5.example.com/c?x=1' },
        { link: 'https://h5.example.com/c?x=1#/d' },
      ])
      expect(invoked.filter(({ name }) => name === 'preVerifyJSAPI')).toHaveLength(verifications)
    },
  )

  it('stops when it is told to, and leaves no listener', async () => {
    const { weixin, links, navigate, listening } = open()
    const before = listening('pageshow')
    const { stop } = await weixin.share(content, follow)
    expect(listening('popstate')).toBe(1)
    stop()
    await navigate('https://h5.example.com/b')
    expect(links()).toEqual(['https://h5.example.com/a'])
    expect(['popstate', 'hashchange', 'currententrychange'].map(listening)).toEqual([0, 0, 0])
    expect(listening('pageshow')).toBe(before)
  })

  it('stops at the next share, also when that one comes at once', async () => {
    const { weixin, links, navigate, listening } = open()
    await Promise.all([
      weixin.share(content, follow),
      weixin.share({ ...content, link: 'https://h5.example.com/fixed' }),
    ])
    await navigate('https://h5.example.com/b')
    expect(links().sort()).toEqual(['https://h5.example.com/a', 'https://h5.example.com/fixed'])
    expect(listening('popstate')).toBe(0)
  })

  it('sets nothing when only a fragment or identity changed', async () => {
    const { weixin, links, navigate } = open({ href: 'https://h5.example.com/a?openid=oAAAAAAA&x=1' })
    await weixin.share(content, follow)
    await navigate('https://h5.example.com/a?x=1')
    await navigate('https://h5.example.com/a?x=1#section', 'hashchange')
    expect(links()).toEqual(['https://h5.example.com/a?x=1'])
  })

  it('sets it again when the page is taken back', async () => {
    const { weixin, links, fire } = open()
    await weixin.share(content, follow)
    fire('pageshow', { persisted: true })
    await new Promise(setImmediate)
    expect(links()).toEqual(['https://h5.example.com/a', 'https://h5.example.com/a'])
  })

  it('tells of a failure and goes on with the next route', async () => {
    let isBroken = false
    const denied = (name: string) => () => ({ err_msg: isBroken ? 'system:access_denied' : `${name}:ok` })
    const { weixin, links, navigate } = open({
      native: {
        updateAppMessageShareData: denied('updateAppMessageShareData'),
        updateTimelineShareData: denied('updateTimelineShareData'),
      },
    })
    const outcomes: unknown[] = []
    await weixin.share(content, { ...follow, onFollowed: (outcome) => void outcomes.push(outcome) })
    isBroken = true
    await navigate('https://h5.example.com/b')
    isBroken = false
    await navigate('https://h5.example.com/a')
    expect(outcomes).toMatchObject([{ code: 'permission_denied' }, { link: 'https://h5.example.com/a' }])
    expect(links()).toHaveLength(3)
  })

  it('compares the address now and then where the browser tells nobody', async () => {
    const { weixin, links, goTo } = open({ navigation: false })
    await weixin.ready()
    vi.useFakeTimers()
    const { stop } = await weixin.share(content, follow)
    goTo('https://h5.example.com/b')
    await vi.advanceTimersByTimeAsync(300)
    expect(links()).toEqual(['https://h5.example.com/a', 'https://h5.example.com/b'])
    stop()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('has no timer where the browser tells', async () => {
    const { weixin } = open()
    await weixin.ready()
    vi.useFakeTimers()
    await weixin.share(content, follow)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not begin when the first one failed, or is given a link', async () => {
    const { weixin, listening } = open({ accepts: () => false })
    await expect(weixin.share(content, follow)).rejects.toMatchObject({ code: 'invalid_signature' })
    expect(listening('popstate')).toBe(0)
    const share = weixin.share as (...given: unknown[]) => Promise<unknown>
    await expect(share({ ...content, link: '/x' }, follow)).rejects.toMatchObject({
      code: 'invalid_argument',
    })
  })
})
