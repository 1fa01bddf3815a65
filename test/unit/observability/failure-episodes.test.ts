import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ServiceError } from '../../../server/errors.ts'
import { createFailureEpisodes } from '../../../server/observability/failure-episodes.ts'
import { createManualClock } from '../../support/manual-clock.ts'

const refused = (errcode: number) =>
  new ServiceError('wechat_refused', `WeChat refused cgi-bin/stable_token: ${errcode}.`, { errcode })
const appId = 'wx0123456789abcdef'
const token = { appId, kind: 'access_token' }
const ticket = { appId, kind: 'jsapi' }

test('a failure is said once, again after a minute, and once when it is over', async () => {
  const clock = createManualClock()
  const episodes = createFailureEpisodes(clock)
  const fail = () => episodes.judge({ ...token, error: refused(40125) })
  expect(fail()).toEqual({ news: 'first', failures: 1, failingMs: 0 })
  for (let second = 0; second < 55; second += 5) {
    await clock.advance(5_000)
    expect(fail().news).toBe('quiet')
  }
  await clock.advance(5_000)
  expect(fail()).toEqual({ news: 'again', failures: 13, failingMs: 60_000 })
  await clock.advance(5_000)
  expect(fail().news).toBe('quiet')
  expect(episodes.judge(token)).toEqual({ news: 'healed', failures: 14, failingMs: 65_000 })
  expect(episodes.judge(token).news).toBe('fine')
  expect(fail()).toMatchObject({ news: 'first', failures: 1 })
})

test('another reason is said at once, and one that comes back is not new', async () => {
  const clock = createManualClock()
  const episodes = createFailureEpisodes(clock)
  const fail = (errcode: number) => episodes.judge({ ...token, error: refused(errcode) }).news
  expect([fail(40125), fail(40243), fail(40125), fail(40243)]).toEqual(['first', 'first', 'quiet', 'quiet'])
  expect(episodes.failing()).toEqual([{ ...token, code: 'wechat_refused', errcode: 40243 }])
})

test('a ticket that fails with its token is the same bad day, and over with it', () => {
  const episodes = createFailureEpisodes(createManualClock())
  expect(episodes.judge({ ...token, error: refused(40125) }).news).toBe('first')
  expect(episodes.judge({ ...ticket, error: refused(40125) }).news).toBe('quiet')
  expect(episodes.failing()).toHaveLength(2)
  expect(episodes.judge(token).news).toBe('healed')
  expect(episodes.failing()).toEqual([])
})

test('a ticket that fails for a reason of its own goes on failing when the token is well', () => {
  const episodes = createFailureEpisodes(createManualClock())
  episodes.judge({ ...token, error: refused(40125) })
  episodes.judge({ ...ticket, error: refused(48001) })
  expect(episodes.judge(token).news).toBe('fine')
  expect(episodes.failing()).toEqual([{ ...ticket, code: 'wechat_refused', errcode: 48001 }])
})

test('the end is told although the vault has forgotten the failure by then', () => {
  const failing = new Set(['access_token', 'jsapi'])
  const episodes = createFailureEpisodes(createManualClock(), (_, kind) => failing.has(kind))
  episodes.judge({ ...token, error: refused(40243) })
  episodes.judge({ ...ticket, error: refused(40243) })
  failing.delete('access_token')
  expect(episodes.judge(token).news).toBe('healed')
})

test('what another replica has mended fails no more', () => {
  const failing = new Set(['access_token'])
  const episodes = createFailureEpisodes(createManualClock(), (_, kind) => failing.has(kind))
  episodes.judge({ ...token, error: refused(40243) })
  expect(episodes.failing()).toHaveLength(1)
  failing.clear()
  expect(episodes.failing()).toEqual([])
})

test('accounts have their own days', () => {
  const episodes = createFailureEpisodes(createManualClock())
  const other = { ...token, appId: 'wxffffffffffffffff' }
  expect(episodes.judge({ ...token, error: refused(40125) }).news).toBe('first')
  expect(episodes.judge({ ...other, error: refused(40125) }).news).toBe('first')
  expect(episodes.judge(other).news).toBe('healed')
  expect(episodes.failing()).toHaveLength(1)
})

test('what nobody has asked for in two and a half hours is forgotten', async () => {
  const clock = createManualClock()
  const episodes = createFailureEpisodes(clock)
  episodes.judge({ appId, kind: 'wx_card', error: refused(48001) })
  await clock.advance(9_000_000)
  expect(episodes.failing()).toHaveLength(1)
  await clock.advance(1)
  expect(episodes.failing()).toEqual([])
  expect(episodes.judge({ appId, kind: 'wx_card', error: refused(48001) }).news).toBe('first')
})

test('whatever happens, one reason makes at most one line a minute, and nothing fails after all has succeeded', async () => {
  const kinds = ['access_token', 'jsapi', 'wx_card'] as const
  const step = fc.record({
    kind: fc.constantFrom(...kinds),
    errcode: fc.option(fc.constantFrom(40125, 40243, 45009), { nil: undefined }),
    waitMs: fc.integer({ min: 0, max: 40_000 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      let now = 0
      const episodes = createFailureEpisodes({ monotonic: () => now })
      const saidAt = new Map<number, number>()
      for (const { kind, errcode, waitMs } of steps) {
        now += waitMs
        const { news } = episodes.judge({ appId, kind, ...(errcode && { error: refused(errcode) }) })
        if (news === 'healed') saidAt.clear()
        if (errcode === undefined || news === 'quiet') continue
        expect(now - (saidAt.get(errcode) ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(60_000)
        saidAt.set(errcode, now)
      }
      for (const kind of kinds) episodes.judge({ appId, kind })
      expect(episodes.failing()).toEqual([])
    }),
  )
})
