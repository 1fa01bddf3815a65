import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, onTestFinished } from 'vitest'
import { fault } from '../support/fault.ts'
import { createManualClock, settle } from '../support/manual-clock.ts'
import { createRawService } from '../support/raw-service.ts'
import { type RawAnswer, rawHttp } from '../support/raw-upstream.ts'
import { createTestService, fetchFrom, form, PAGE } from '../support/service.ts'
import { readSignatureAnswer, VERIFIED, verdictOn } from '../support/verdict.ts'

const TICKET = 'cgi-bin/ticket/getticket'

const WORDS = {
  name: 'ENOTFOUND|EAI_AGAIN',
  port: 'ECONNREFUSED',
  certificate: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  protocol: 'ERR_SSL_[A-Z_]+|EPROTO',
}
const unreachable: [string, keyof typeof WORDS, (host: string) => string | Promise<string>, boolean][] = [
  ['has no address in DNS', 'name', () => 'https://api.wechat.invalid', false],
  ['refuses connections', 'port', closedPort, false],
  ['has a certificate that nobody vouches for', 'certificate', (host) => host, true],
  ['speaks no TLS', 'protocol', mailServer, false],
]
for (const [what, words, address, tls] of unreachable) {
  fault(
    'F9',
    { injected: `a host of WeChat ${what}`, expected: 'the other one is asked; both: 503 + Retry-After' },
    async (see) => {
      const other = await createRawService()
      const bad = await address((tls ? await createRawService({ tls }) : other).hosts[0].origin)
      const one = await createRawService({ apiHosts: (_, second) => [bad, second] })
      const both = await createRawService({ apiHosts: () => [bad, bad] })
      expect(one.verdict(await one.sign())).toBe(VERIFIED)
      const answer = await both.sign()
      expect(answer).toMatchObject({
        status: 503,
        code: 'wechat_unreachable',
        retryAfterS: expect.any(Number),
      })
      expect(answer.detail).toMatch(new RegExp(`could not be reached \\((${WORDS[words]})\\)`))
      see(`${/\((\w+)\)/.exec(answer.detail ?? '')?.[1]}; signed through the other host`)
      expect(one.asked()).toEqual([0, 2])
    },
  )
}

async function closedPort(): Promise<string> {
  const server = await listening(() => undefined)
  await new Promise((resolve) => server.close(resolve))
  return `http://${server.host}`
}

/** Begins to speak at once, and not TLS. */
async function mailServer(): Promise<string> {
  const server = await listening((socket) => {
    socket.write('220 mail.example.com ESMTP\r\n')
    socket.destroySoon()
  })
  onTestFinished(() => void server.close())
  return `https://${server.host}`
}

async function listening(serve: (socket: Socket) => void) {
  const server = createServer((socket) => serve(socket.on('error', () => socket.destroy())))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(server, { host: `127.0.0.1:${(server.address() as AddressInfo).port}` })
}

const drip = (bytes: string): RawAnswer => {
  return (socket) => {
    let sent = 0
    const timer = setInterval(() => socket.write(bytes.slice(sent, ++sent)), 1_000)
    socket.on('close', () => clearInterval(timer))
  }
}
const answerBytes = rawHttp('{"access_token":"dripping-token-of-the-fault-test","expires_in":7200}')
const slow: [string, RawAnswer, boolean][] = [
  ['black hole', () => undefined, false],
  ['1 byte a second', drip(answerBytes), false],
  [
    'body of 1 byte a second',
    (socket) => {
      socket.write(answerBytes.slice(0, answerBytes.indexOf('{')))
      return drip(answerBytes.slice(answerBytes.indexOf('{')))(socket, { method: '', target: '', body: '' })
    },
    false,
  ],
  ['silent TLS', () => undefined, true],
]

fault(
  'F9',
  {
    injected:
      'one host or both: black hole, 1 byte a second, a body of 1 byte a second, silence instead of TLS',
    expected: 'within 5 s the other host or 503; one call per host, however many wait',
  },
  async (see) => {
    // Side by side, because each takes the whole deadline.
    await Promise.all(
      slow.map(async ([what, answer, silentTls]) => {
        const address = (origin: string): string => (silentTls ? origin.replace('http:', 'https:') : origin)
        const realTime = true
        const one = await createRawService({
          realTime,
          apiHosts: (first, second) => [address(first), second],
        })
        one.hosts[0].answer(answer)
        const both = await createRawService({
          realTime,
          apiHosts: (first, second) => [address(first), address(second)],
        })
        both.answer(answer)
        const [through, ...failed] = await Promise.all([
          one.sign(),
          ...Array.from({ length: 50 }, () => both.sign()),
        ])
        // The two limits that are told make the five seconds: three for the first host, the rest for the second.
        const limits = both
          .logs()
          .filter(({ msg, result }) => msg === 'asked WeChat' && result === 'wechat_unreachable')
        for (const failure of failed) {
          expect(failure, what).toMatchObject({ status: 503, code: 'wechat_unreachable' })
          expect(failure.retryAfterS).toBeGreaterThan(0)
          const limitMs = Number(/did not answer within (\d+) ms/.exec(failure.detail ?? '')?.[1])
          expect(limitMs).toBeLessThanOrEqual(2_000)
        }
        expect(one.verdict(through), what).toBe(VERIFIED)
        // The host that failed is left alone for a minute: the ticket was asked for at the other one only.
        expect(one.asked(TICKET)).toEqual([0, 1])
        expect(limits).toHaveLength(2)
        see(`${what}: ${limits.map(({ durationMs }) => `${durationMs} ms`).join(' + ')}, 50 × 503`)
      }),
    )
  },
)

fault(
  'F9',
  {
    injected:
      'WeChat answers the same token and ticket again until they die, with the seconds they have left',
    expected: 'used to the end, asked for at most a dozen times, then the next one',
  },
  async (see) => {
    const clock = createManualClock()
    const known = new Map<string, { readonly body: string; readonly endsAt: number }>()
    const running = await createTestService({
      config: { rateLimits: { signature: { points: 0, perSeconds: 60 } } },
      world: { clock, fetch: keeping(() => fetchFrom(running.sandbox)) },
    })
    onTestFinished(running.service.close)
    function keeping(real: () => typeof fetch): typeof fetch {
      return async (input, init) => {
        const path = new URL(String(input)).pathname
        const kept = known.get(path)
        if (kept !== undefined && clock.now() < kept.endsAt) {
          return Response.json({ ...JSON.parse(kept.body), expires_in: (kept.endsAt - clock.now()) / 1_000 })
        }
        const response = await real()(input, init)
        known.set(path, { body: await response.clone().text(), endsAt: clock.now() + 7_200_000 })
        return response
      }
    }
    const calls = () =>
      running.logs().filter(({ msg, path }) => msg === 'asked WeChat' && path === TICKET).length
    const verdicts = new Map<string, number>()
    for (let second = 0; second < 7_260; second += second < 6_900 ? 100 : 1) {
      const response = await running.service.app.request('/v1/jsapi/signature', form({ url: PAGE }))
      const verdict = verdictOn(running.sandbox, await readSignatureAnswer(response))
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
      await settle()
      await clock.advance(second < 6_900 ? 100_000 : 1_000)
    }
    see(`${calls()} calls for the ticket in a life and a minute, verdicts ${JSON.stringify([...verdicts])}`)
    expect([...verdicts.keys()]).toEqual([VERIFIED])
    expect(calls()).toBeLessThanOrEqual(12)
  },
)
