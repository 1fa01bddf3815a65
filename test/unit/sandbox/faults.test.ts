import { describe, expect, test } from 'vitest'
import { faultKinds } from '../../../demo/sandbox/index.ts'
import {
  classicToken,
  get,
  jsapiTicket,
  NOON,
  read,
  stableToken,
  stillSandbox,
  ticketQuery,
  tokenQuery,
} from './asking.ts'

describe('faults', () => {
  test.each([
    ['busy', -1, /^system error rid: /],
    ['invalid_credential', 40001, /^invalid credential, /],
    ['token_expired', 42001, /^access_token expired rid: /],
    ['quota', 45009, /^reach max api daily quota limit rid: /],
    [
      'ip_not_in_whitelist',
      40164,
      /^invalid ip 127\.0\.0\.1 ipv6 ::ffff:127\.0\.0\.1, not in whitelist rid: /,
    ],
  ] as const)('%s answers 200 with errcode %i', async (kind, errcode, errmsg) => {
    const sandbox = stillSandbox()
    sandbox.setFaults([{ kind }])
    const answer = await get(sandbox, tokenQuery())
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ errcode, errmsg: expect.stringMatching(errmsg) })
  })

  test('html is a web page with status 200', async () => {
    const sandbox = stillSandbox()
    sandbox.setFaults([{ kind: 'html' }])
    const answer = await get(sandbox, tokenQuery())
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(await answer.text()).toMatch(/^<!DOCTYPE html>/)
  })

  test('empty is status 200 without a body', async () => {
    const sandbox = stillSandbox()
    sandbox.setFaults([{ kind: 'empty' }])
    const answer = await get(sandbox, tokenQuery())
    expect([answer.status, await answer.text()]).toEqual([200, ''])
  })

  test('http_500 is no JSON', async () => {
    const sandbox = stillSandbox()
    sandbox.setFaults([{ kind: 'http_500' }])
    const answer = await get(sandbox, tokenQuery())
    expect(answer.status).toBe(500)
    await expect(answer.json()).rejects.toThrow(SyntaxError)
  })

  test('truncated begins like the right answer and is no JSON', async () => {
    const sandbox = stillSandbox()
    sandbox.setFaults([{ kind: 'truncated' }])
    const text = await (await get(sandbox, tokenQuery())).text()
    expect(text).toMatch(/^\{"access_token":"/)
    expect(() => JSON.parse(text)).toThrow(SyntaxError)
  })

  test.each([0, -1, 10 ** 12, 'soon', null])('expires_in is replaced by %j', async (expiresIn) => {
    const sandbox = stillSandbox()
    sandbox.setFaults([{ kind: 'expires_in', expiresIn }])
    const body = await read(get(sandbox, tokenQuery()))
    expect(body).toEqual({ access_token: expect.any(String), expires_in: expiresIn })
  })

  test('expires_in without a value is left out', async () => {
    const sandbox = stillSandbox()
    sandbox.setFaults([{ kind: 'expires_in' }])
    expect(Object.keys(await read(get(sandbox, tokenQuery())))).toEqual(['access_token'])
  })

  test('wrong_clock moves the Date header only', async () => {
    const sandbox = stillSandbox()
    sandbox.setFaults([{ kind: 'wrong_clock' }])
    expect((await get(sandbox, tokenQuery())).headers.get('date')).toBe('Thu, 17 Sep 2026 05:00:00 GMT')
    sandbox.setFaults([{ kind: 'wrong_clock', offsetMs: -60_000 }])
    expect((await get(sandbox, tokenQuery())).headers.get('date')).toBe('Thu, 17 Sep 2026 03:59:00 GMT')
    expect(sandbox.clock.now()).toBe(NOON)
  })

  test('slow gives the right answer, later', async () => {
    const sandbox = stillSandbox()
    sandbox.setFaults([{ kind: 'slow', delayMs: 20 }])
    const started = performance.now()
    expect(await classicToken(sandbox)).not.toBe('')
    expect(performance.now() - started).toBeGreaterThanOrEqual(19)
  })

  test('reset is a network error and no token is issued', async () => {
    const sandbox = stillSandbox()
    sandbox.setFaults([{ kind: 'reset' }])
    expect((await get(sandbox, tokenQuery())).type).toBe('error')
    expect(sandbox.snapshot().accounts[0]?.tokens.classic).toEqual([])
  })

  test('hang ends when the caller gives up', async () => {
    const sandbox = stillSandbox()
    sandbox.setFaults([{ kind: 'hang' }])
    const giveUp = new AbortController()
    const answer = sandbox.fetch(
      new Request(`https://api.weixin.qq.com/${tokenQuery()}`, { signal: giveUp.signal }),
    )
    giveUp.abort()
    expect((await answer).type).toBe('error')
  })

  test.each(['hang', 'slow'] as const)('%s ends when the sandbox is reset', async (kind) => {
    const sandbox = stillSandbox()
    sandbox.setFaults([{ kind, ...(kind === 'slow' ? { delayMs: 3_600_000 } : {}) }])
    const answer = get(sandbox, tokenQuery())
    await expect.poll(() => sandbox.calls().length).toBe(1)
    sandbox.reset()
    expect((await answer).type).toBe('error')
  })

  test('a held call is in the log before it is answered', async () => {
    const sandbox = stillSandbox()
    sandbox.setFaults([{ kind: 'hang' }])
    const answer = get(sandbox, tokenQuery())
    await expect.poll(() => sandbox.calls()).toMatchObject([{ path: 'cgi-bin/token', faults: ['hang'] }])
    expect(sandbox.calls()[0]).not.toHaveProperty('status')
    sandbox.releaseHeld()
    await answer
  })

  test('path limits a fault to one API, with or without a slash in front', async () => {
    const sandbox = stillSandbox()
    const token = await stableToken(sandbox)
    for (const path of ['cgi-bin/ticket/getticket', '/cgi-bin/ticket/getticket']) {
      sandbox.setFaults([{ kind: 'busy', path }])
      expect(await classicToken(sandbox)).not.toBe('')
      expect((await read(get(sandbox, ticketQuery(token)))).errcode).toBe(-1)
    }
  })

  test('times counts the requests that are hit, and only those', async () => {
    const sandbox = stillSandbox()
    sandbox.setFaults([{ kind: 'busy', times: 2, path: 'cgi-bin/token' }])
    await stableToken(sandbox)
    expect(sandbox.snapshot().faults).toEqual([{ kind: 'busy', times: 2, path: 'cgi-bin/token' }])
    const errcodes = [1, 2, 3].map(async () => (await read(get(sandbox, tokenQuery()))).errcode)
    expect(await Promise.all(errcodes)).toEqual([-1, -1, undefined])
    expect(sandbox.snapshot().faults).toEqual([])
  })

  test('faults queue: the first one that replaces the answer is used up first', async () => {
    const sandbox = stillSandbox()
    sandbox.addFault({ kind: 'busy', times: 1 })
    sandbox.addFault({ kind: 'quota', times: 1 })
    sandbox.addFault({ kind: 'wrong_clock' })
    const first = await get(sandbox, tokenQuery())
    expect(first.headers.get('date')).toBe('Thu, 17 Sep 2026 05:00:00 GMT')
    expect(((await first.json()) as { errcode: number }).errcode).toBe(-1)
    expect((await read(get(sandbox, tokenQuery()))).errcode).toBe(45009)
    expect(await classicToken(sandbox)).not.toBe('')
  })

  test('clearFaults brings the sandbox back to good days', async () => {
    const sandbox = stillSandbox()
    sandbox.setFaults([{ kind: 'busy' }])
    sandbox.clearFaults()
    expect(await jsapiTicket(sandbox)).toHaveLength(86)
  })

  test('an unknown kind is refused and the known ones are named', () => {
    const sandbox = stillSandbox()
    const unknown = { kind: 'earthquake' } as unknown as { kind: 'busy' }
    expect(() => sandbox.addFault(unknown)).toThrow(/"earthquake".*busy, .*domain_not_bound/)
    expect(() => sandbox.addFault({ kind: 'busy', times: 0 })).toThrow(/times 0/)
    expect(() => sandbox.addFault({ kind: 'busy', path: 'cgi-bin/tokn' })).toThrow(/cgi-bin\/tokn/)
    expect(faultKinds).toHaveLength(16)
  })

  test('a refused list of faults leaves the old one in force', () => {
    const sandbox = stillSandbox()
    sandbox.setFaults([{ kind: 'busy' }])
    expect(() => sandbox.setFaults([{ kind: 'html' }, { kind: 'busy', times: -1 }])).toThrow(TypeError)
    expect(sandbox.snapshot().faults).toEqual([{ kind: 'busy' }])
  })
})
