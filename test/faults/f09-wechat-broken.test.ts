import { gzipSync } from 'node:zlib'
import { expect, vi } from 'vitest'
import { fault } from '../support/fault.ts'
import { createRawService, type RawService } from '../support/raw-service.ts'
import { type RawAnswer, rawHttp, refuses, rightAnswer, says } from '../support/raw-upstream.ts'
import { type SignatureAnswer, VERIFIED } from '../support/verdict.ts'

const LIFE_MS = 7_200_000
const TOKEN = 'cgi-bin/stable_token'
const TICKET = 'cgi-bin/ticket/getticket'

/** Fails with its code and nothing signed; a failure that may be over soon says when to come again. */
function expectFailure(answer: SignatureAnswer, code: string): void {
  const status = ['wechat_refused', 'wechat_bad_answer'].includes(code) ? 502 : 503
  expect(answer).toMatchObject({ status, code })
  expect(answer.signature).toBeUndefined()
  if (code !== 'wechat_refused') expect(answer.retryAfterS).toBeGreaterThan(0)
}

async function expectHealed(running: RawService): Promise<void> {
  running.answer()
  // What was on its way when WeChat came back may still fail, and is remembered for at most five seconds.
  await vi.waitFor(async () => {
    await running.clock.advance(5_000)
    expect(running.verdict(await running.sign())).toBe(VERIFIED)
  }, 10_000)
}

/** A cold service says what is wrong; a warm one goes on to the true end of its ticket, and then says so. */
async function coldAndWarm(broken: RawAnswer, code: string, see: (what: string) => void) {
  const cold = await createRawService()
  cold.answer(broken)
  expectFailure(await cold.sign(), code)
  const asked = cold.asked()
  await expectHealed(cold)
  const warm = await createRawService()
  expect(warm.verdict(await warm.sign())).toBe(VERIFIED)
  warm.answer(broken)
  await untilTheEnd(warm)
  expectFailure(await warm.sign(), code)
  await expectHealed(warm)
  see(`${code}, ${asked.join(' + ')} calls to the hosts; when warm, signed until the last ms`)
  return asked
}

/** Signs until the last millisecond of the ticket, while every refresh fails. */
async function untilTheEnd(warm: RawService): Promise<void> {
  const failures = () =>
    warm.logs().filter(({ msg, kind }) => kind === 'jsapi' && /not refreshed/.test(String(msg))).length
  let age = 0
  for (const leftMs of [200_000, 60_000, 1_000]) {
    await warm.clock.advance(LIFE_MS - leftMs - age)
    age = LIFE_MS - leftMs
    const known = failures()
    expect(warm.verdict(await warm.sign())).toBe(VERIFIED)
    // The refresh that was due has failed in the background before the clock goes on.
    await vi.waitFor(() => expect(failures()).toBeGreaterThan(known), 20_000)
  }
  await warm.clock.advance(999)
  expect(warm.verdict(await warm.sign())).toBe(VERIFIED)
  await warm.clock.advance(1)
}

const TO_THE_END = 'both hosts tried; the old ticket to its true end;'

const networks: [string, RawAnswer][] = [
  ['resets the connection', (socket) => void socket.resetAndDestroy()],
  ['ends the connection without an answer', (socket) => void socket.end()],
  ['speaks another protocol', says('SSH-2.0-OpenSSH_9.6\r\n')],
  ['cuts off the body before its length', says(rawHttp('{"access_tok', { length: 200 }))],
  ['sends a head of 64 kB', says(rawHttp('{}', { head: `x-long: ${'x'.repeat(65_536)}` }))],
]
for (const [what, broken] of networks) {
  fault(
    'F9',
    { injected: `WeChat ${what}`, expected: `${TO_THE_END} then 503 + Retry-After` },
    async (see) => {
      expect(await coldAndWarm(broken, 'wechat_unreachable', see)).toEqual([1, 1])
    },
  )
}

// A good answer but for its size.
const padding = JSON.stringify({
  access_token: 'x',
  ticket: 'x',
  expires_in: 7_200,
  padding: 'x'.repeat(10_000_000),
})
const badAnswers: [string, RawAnswer][] = [
  ['HTML', says(rawHttp('<!DOCTYPE html><h1>系统维护</h1>'))],
  ['nothing, with 200', says(rawHttp(''))],
  ['HTTP 500', says(rawHttp('{}', { status: '500 Internal Server Error' }))],
  ['a redirect', says(rawHttp('', { status: '302 Found', head: 'location: http://169.254.169.254/' }))],
  ['half of its JSON', says(rawHttp('{"access_token":"x","expires_in":72'))],
  ['null', says(rawHttp('null'))],
  ['a list', says(rawHttp('[{"access_token":"x","expires_in":7200}]'))],
  ['10 MB', says(rawHttp(padding))],
  ['10 MB as 10 kB of gzip', says(gzipped(padding))],
]
for (const [what, broken] of badAnswers) {
  fault(
    'F9',
    { injected: `WeChat answers ${what}`, expected: `${TO_THE_END} then 502 + Retry-After` },
    async (see) => {
      expect(await coldAndWarm(broken, 'wechat_bad_answer', see)).toEqual([1, 1])
    },
  )
}

fault(
  'F9',
  {
    injected: 'WeChat answers errcodes inside HTTP 200',
    expected: 'one try, -1 three; the old ticket to its true end; then 502 or 503',
  },
  async (see) => {
    expect(await coldAndWarm(refuses(40013), 'wechat_refused', see)).toEqual([1, 0])
    expect(await coldAndWarm(refuses(50001), 'wechat_refused', see)).toEqual([1, 0])
    expect(await coldAndWarm(refuses(-1), 'wechat_busy', see)).toEqual([3, 0])
  },
)

type Change = (answer: Record<string, unknown>) => Record<string, unknown>
const valueField = (answer: Record<string, unknown>): string =>
  answer.ticket === undefined ? 'access_token' : 'ticket'
const unusable: [string, Change][] = [
  ...[undefined, null, 0, -7_200, '7200', 'INFINITE', {}].map((life): [string, Change] => [
    `expires_in ${JSON.stringify(life)}`,
    (answer) => ({ ...answer, expires_in: life }),
  ]),
  ...[undefined, null, '', 7, ['x']].map((value): [string, Change] => [
    `value ${JSON.stringify(value)}`,
    (answer) => ({ ...answer, [valueField(answer)]: value }),
  ]),
]

/** The right answer with something else in its JSON. */
function altered({ truth }: RawService, change: Change): RawAnswer {
  return async (socket, request) => {
    const text = await rightAnswer(truth, request)
    const answer = JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as Record<string, unknown>
    // JSON knows no infinity, but parsers read this as one.
    socket.end(rawHttp(JSON.stringify(change(answer)).replace('"INFINITE"', '1e999')))
  }
}

fault(
  'F9',
  {
    injected: 'expires_in or the value missing, null, of another type, zero, negative, infinite, empty',
    expected: '502 wechat_bad_answer, nothing signed, nothing kept',
  },
  async (see) => {
    for (const [name, change] of unusable) {
      for (const path of [TOKEN, TICKET]) {
        const running = await createRawService()
        running.answer(altered(running, change), path)
        const answer = await running.sign()
        expect(answer, `${path}: ${name}`).toMatchObject({ code: 'wechat_bad_answer' })
        expectFailure(answer, 'wechat_bad_answer')
        await expectHealed(running)
      }
    }
    see(`${unusable.length} unusable answers refused, each for token and ticket`)
  },
)

fault(
  'F9',
  {
    injected: 'expires_in of a year, and of 10^300 s',
    expected: 'nothing lives longer than two hours: no dead ticket',
  },
  async (see) => {
    for (const life of [31_536_000, 1e300]) {
      const running = await createRawService()
      running.answer(altered(running, (answer) => ({ ...answer, expires_in: life })))
      expect(running.verdict(await running.sign())).toBe(VERIFIED)
      // Nobody comes until just before and just after the end that WeChat keeps, whatever it said.
      for (const ms of [LIFE_MS, LIFE_MS, 1]) {
        await running.clock.advance(ms)
        expect(running.verdict(await running.sign())).toBe(VERIFIED)
      }
      see(`${life} s: ${running.asked(TICKET)[0]} tickets fetched in four hours`)
      expect(running.asked(TICKET)[0]).toBe(3)
    }
  },
)

function gzipped(body: string): Buffer {
  const bytes = gzipSync(body)
  const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bytes.length}\r\nconnection: close\r\n\r\n`
  return Buffer.concat([Buffer.from(head), bytes])
}
