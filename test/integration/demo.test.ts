import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createExampleBackend } from '../../demo/backend.ts'
import { type RunningDemo, startDemo } from '../../demo/start.ts'
import { run } from '../../server/cli/run.ts'
import { listen } from '../../server/http/listen.ts'
import { createLogger } from '../../server/observability/logger.ts'

// The example backend as people copy it: over a socket, with the service and the simulated WeChat behind it.

interface Session {
  status: number
  answer: {
    person?: Record<string, unknown> | null
    endsAt?: number
    code?: string
    detail?: string
    hint?: string
  }
  cookie: string | undefined
  headers: Headers
}

const forged = 'A'.repeat(32)

let folder: string
let demo: RunningDemo
let origin: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-backend-'))
  demo = await startDemo({
    port: 0,
    sandboxPort: 0,
    databaseFile: join(folder, 'demo.db'),
    logger: createLogger({ level: 'silent' }),
  })
  origin = new URL(demo.pageUrl).origin
})
afterAll(async () => {
  await demo?.close()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(() => demo.sandbox?.chooseVisitor('follower'))

async function ask(init: RequestInit & { cookie?: string | undefined } = {}): Promise<Session> {
  const { cookie, ...rest } = init
  const headers = new Headers(rest.headers)
  if (cookie !== undefined) headers.set('cookie', cookie)
  const response = await fetch(`${origin}/demo/api/session`, { ...rest, headers })
  const [line] = response.headers.getSetCookie()
  return {
    status: response.status,
    answer: (await response.json()) as Session['answer'],
    cookie: line?.split(';')[0],
    headers: response.headers,
  }
}

const signIn = (ticket: unknown, cookie?: string): Promise<Session> =>
  ask({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ticket }),
    cookie,
  })

/** Goes through WeChat as a browser would; answers what the page lands on. */
async function throughWechat(scope: 'snsapi_base' | 'snsapi_userinfo' = 'snsapi_base'): Promise<URL> {
  const start = new URL('/wx/api/fans/authInfo', origin)
  start.search = String(new URLSearchParams({ portid: '4', redirectPath: demo.pageUrl, authType: scope }))
  let cookie = ''
  let next = start.href
  for (let hop = 0; hop < 6; hop += 1) {
    const response = await fetch(next, { redirect: 'manual', headers: { cookie } })
    const [line] = response.headers.getSetCookie()
    if (line !== undefined) cookie = line.split(';')[0] ?? ''
    const location = response.headers.get('location')
    if (location === null) throw new Error(`no redirect: ${response.status} ${await response.text()}`)
    if (location.startsWith(demo.pageUrl)) return new URL(location)
    next = location
  }
  throw new Error('six redirects and no end')
}

const ticketFrom = async (): Promise<string> => (await throughWechat()).searchParams.get('ticket') ?? ''

/** A service that hands out tokens and answers the given paths. */
const pretendService = (answers: Record<string, object>) =>
  listen(
    async (request) => {
      const { pathname } = new URL(request.url)
      if (pathname.endsWith('/accessToken'))
        return Response.json({ success: 1, message: '', result: { access_token: 'service-token' } })
      return Response.json(answers[pathname] ?? { code: 'not_found' })
    },
    { host: '127.0.0.1', port: 0 },
  )

const client = (service: string) => ({
  service,
  clientId: 'shop',
  clientSecret: 'c1ient-secret',
  applicationKey: 'shop',
})

const post = async (backend: ReturnType<typeof createExampleBackend>): Promise<Response> =>
  backend.request('/demo/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ticket: forged }),
  })

describe('the example backend', () => {
  test('redeems a ticket, opens a session no script can read, and tells who it is', async () => {
    const landing = await throughWechat()
    const opened = await signIn(landing.searchParams.get('ticket'))
    expect(opened.status).toBe(200)
    expect(opened.answer.person).toMatchObject({
      openid: landing.searchParams.get('openid'),
      portId: 4,
      scope: 'snsapi_base',
      unionidAbsentBecause: 'scope',
    })
    const [line = ''] = opened.headers.getSetCookie()
    expect(line).toMatch(/^demo-session=[0-9a-f]{32};/)
    expect(line).toContain('HttpOnly')
    expect(line).toContain('SameSite=Lax')
    expect(opened.headers.get('cache-control')).toBe('no-store')
    const asked = await ask({ cookie: opened.cookie })
    expect(asked.answer).toEqual(opened.answer)
  })

  test('knows the unionid and the unified user of a visitor who let the account have them', async () => {
    const landing = await throughWechat('snsapi_userinfo')
    const { answer } = await signIn(landing.searchParams.get('ticket'))
    expect(answer.person?.unionid).toBe(demo.sandbox?.identityOf('follower').unionid)
    expect(answer.person?.unionid).toMatch(/^o/)
    expect(answer.person?.userId).toMatch(/^\d{18}$/)
    expect(answer.person?.userId).toBe(landing.searchParams.get('userid'))
  })

  test('a ticket opens one session, whoever brings it second', async () => {
    const ticket = await ticketFrom()
    expect((await signIn(ticket)).status).toBe(200)
    const second = await signIn(ticket)
    expect(second.status).toBe(401)
    expect(second.answer.code).toBe('ticket_invalid')
    expect(second.cookie).toBeUndefined()
  })

  test('a forged ticket is refused with 401, opens nothing, and says what to do', async () => {
    const { status, answer, cookie } = await signIn(forged)
    expect(status).toBe(401)
    expect(answer.code).toBe('ticket_invalid')
    expect(answer.hint).toContain('60')
    expect(JSON.stringify(answer)).not.toContain(forged)
    expect(cookie).toBeUndefined()
  })

  test('ids without a ticket open nothing', async () => {
    const landing = await throughWechat()
    const openid = landing.searchParams.get('openid')
    const { status } = await ask({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ openid }),
    })
    expect(status).toBe(400)
    expect((await ask({ cookie: `demo-session=${openid}` })).answer).toEqual({ person: null })
  })

  test.each(['', '{', 'null', '[]', '"ticket"', '{"ticket":7}', '{"ticket":""}', '{"ticket":null}'])(
    'the body %s is refused with 400 and the shape it should have',
    async (body) => {
      const { status, answer } = await ask({
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      expect(status).toBe(400)
      expect(answer.code).toBe('invalid_json')
      expect(answer.hint).toContain('"ticket"')
    },
  )

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'a body of type %s, which other sites could send, opens nothing',
    async (type) => {
      const ticket = await ticketFrom()
      const body = JSON.stringify({ ticket })
      const refused = await ask({ method: 'POST', headers: { 'content-type': type }, body })
      expect(refused.status).toBe(415)
      expect(refused.cookie).toBeUndefined()
      // The ticket is still good: nobody looked at it.
      expect((await signIn(ticket)).status).toBe(200)
    },
  )

  test('a body of 1 MB is refused', async () => {
    expect((await signIn('A'.repeat(1_000_000))).status).toBe(413)
  })

  test('signing out ends the session for everyone who has its cookie', async () => {
    const { cookie } = await signIn(await ticketFrom())
    const out = await ask({ method: 'DELETE', cookie })
    expect(out.answer).toEqual({ person: null })
    expect(out.headers.getSetCookie()[0]).toMatch(/^demo-session=;.*Max-Age=0/)
    expect((await ask({ cookie })).answer).toEqual({ person: null })
  })

  test('signing in anew ends the session before', async () => {
    const first = await signIn(await ticketFrom())
    const second = await signIn(await ticketFrom(), first.cookie)
    expect(second.cookie).not.toBe(first.cookie)
    expect((await ask({ cookie: first.cookie })).answer.person).toBeNull()
    expect((await ask({ cookie: second.cookie })).answer.person).not.toBeNull()
  })

  test('goes on when its token for the service has ended', async () => {
    expect((await signIn(await ticketFrom())).status).toBe(200)
    demo.sandbox?.clock.advance(7_300_000)
    expect((await signIn(await ticketFrom())).status).toBe(200)
  })
})

test('a session ends after half an hour, and its cookie is for https where the page is', async () => {
  const pretendPerson = { openid: 'oK3mZt-aBcDeFgHiJkLmNoPqRsTu', appId: 'wx5a3db0c05a3db0c0', portId: 4 }
  const service = await pretendService({ '/v1/identity/redeem': pretendPerson })
  let now = 1_000_000
  const backend = createExampleBackend({ ...client(service.url), secure: true, now: () => now })
  const opened = await post(backend)
  const line = opened.headers.get('set-cookie') ?? ''
  expect(line).toContain('Secure')
  expect(line).toContain('Max-Age=1800')
  const session = () =>
    backend.request('/demo/api/session', { headers: { cookie: line.split(';')[0] ?? '' } })
  now += 1_799_999
  expect(await (await session()).json()).toEqual({ person: pretendPerson, endsAt: 2_800_000 })
  now += 1
  expect(await (await session()).json()).toEqual({ person: null })
  await service.close()
})

test('answers below the prefix that a proxy leaves in, and without it', async () => {
  const backend = createExampleBackend({ ...client('http://127.0.0.1:1'), prefix: '/mp' })
  for (const above of ['', '/mp'])
    expect(await (await backend.request(`${above}/demo/api/session`)).json()).toEqual({ person: null })
})

test('a service that is away is told apart from a bad ticket, and its words stay inside', async () => {
  const service = await pretendService({})
  await service.close()
  const failures: string[] = []
  const backend = createExampleBackend({
    ...client(service.url),
    onFailure: (message) => failures.push(message),
  })
  const response = await post(backend)
  expect(response.status).toBe(502)
  const text = await response.text()
  expect(JSON.parse(text).code).toBe('service_unavailable')
  expect(text).not.toContain(service.url)
  expect(failures.join()).toContain(service.url)
  expect(failures.join()).not.toMatch(new RegExp(`${forged}|c1ient-secret`))
})

describe('a page of one’s own', () => {
  let errors: string[] = []
  beforeEach(() => {
    errors = []
    const keep = (text: unknown): boolean => {
      errors.push(String(text))
      return true
    }
    vi.spyOn(process.stderr, 'write').mockImplementation(keep)
    vi.spyOn(console, 'error').mockImplementation(keep)
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })

  test.each(['localhost:5173', 'ftp://localhost', 'http://', 'http://user@localhost:5173', '/shop'])(
    '--page %s is refused with an example in both languages',
    async (address) => {
      expect(await run(['node', 'wx-h5', 'demo', '--page', address])).toBe(2)
      expect(errors.join('')).toContain(address)
      expect(errors.join('')).toContain('such as http://localhost:5173')
      expect(errors.join('')).toContain('完整地址')
    },
  )

  test('a page on a port of the demo itself is refused: the proxy would ask itself', async () => {
    expect(await run(['node', 'wx-h5', 'demo', '--page', 'http://127.0.0.1:8788/'])).toBe(2)
    expect(errors.join('')).toContain('8788')
  })

  test('is only for the simulated WeChat', async () => {
    expect(
      await run(['node', 'wx-h5', 'demo', '--page', 'http://localhost:5173', '--config', 'a.json']),
    ).toBe(2)
    expect(errors.join('')).toContain('--config')
  })

  test('may have signatures under the proxy and under its own origin; strangers may not', async () => {
    const own = await startDemo({
      port: 0,
      sandboxPort: 0,
      page: new URL('http://localhost:5173/shop'),
      databaseFile: join(folder, 'own.db'),
      logger: createLogger({ level: 'silent' }),
    })
    const signed = async (page: string): Promise<number> => {
      const response = await fetch(new URL('/v1/jsapi/signature', own.pageUrl), {
        method: 'POST',
        headers: { origin: new URL(page).origin },
        body: new URLSearchParams({ url: page }),
      })
      return response.status
    }
    const statuses = [
      await signed(own.ownPageUrl ?? ''),
      await signed('http://localhost:5173/shop'),
      await signed('http://localhost:5174/shop'),
    ]
    await own.close()
    expect(statuses).toEqual([200, 200, 403])
  })
})
