import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PageProxy, servePageProxy } from '../../demo/page-proxy.ts'
import { type RunningDemo, startDemo } from '../../demo/start.ts'
import { createLogger } from '../../server/observability/logger.ts'
import { closeBrowser, hasChromium, openBrowser } from '../support/browser.ts'

// `wx-h5 demo --page`: somebody's own page, on a server of their own that knows nothing of WeChat.

const bridgeTag = '<script src="http://localhost:1/__sandbox/bridge.js"></script>'

interface TheirServer {
  url: string
  seen: IncomingMessage[]
  close(): Promise<void>
}

async function theirServer(answer: Parameters<typeof createServer>[1]): Promise<TheirServer> {
  const seen: IncomingMessage[] = []
  const server: Server = createServer((asked, response) => {
    seen.push(asked)
    answer?.(asked, response as never)
  })
  // Says back what it hears, as hot reloading does in its own words.
  server.on('upgrade', (asked, socket) => {
    seen.push(asked)
    socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: echo\r\nconnection: Upgrade\r\n\r\n')
    socket.pipe(socket)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

describe('the proxy in front of a page', () => {
  const html =
    '<!doctype html><!-- <head> --><html><head lang="en"><title>t</title></head><body>b</body></html>'
  let theirs: TheirServer
  let proxy: PageProxy

  beforeAll(async () => {
    theirs = await theirServer((asked, response) => {
      const { pathname } = new URL(asked.url ?? '', 'http://localhost')
      const packed = { '/gzip': gzipSync, '/br': brotliCompressSync, '/deflate': deflateSync }[pathname]
      if (packed !== undefined) {
        response.setHeader('content-type', 'text/html; charset=utf-8')
        response.setHeader('content-encoding', pathname.slice(1))
        response.end(packed(html))
      } else if (pathname === '/strict') {
        response.setHeader('content-type', 'text/html')
        response.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
        response.setHeader('x-frame-options', 'DENY')
        response.setHeader('etag', '"1"')
        const meta = `<meta http-equiv="Content-Security-Policy" content="default-src 'self'">`
        const strict = html.replace('<title>', `${meta}<title>`)
        response.setHeader('content-length', Buffer.byteLength(strict))
        response.end(strict)
      } else if (pathname === '/away') {
        const { port } = new URL(theirs.url)
        response.writeHead(302, {
          location: `http://127.0.0.1:${port}/login?from=1`,
          'set-cookie': ['a=1; Domain=localhost; Path=/; HttpOnly', 'b=2; Path=/'],
        })
        response.end()
      } else if (pathname === '/elsewhere') {
        response.writeHead(302, { location: 'https://h5.example.com/x' }).end()
      } else if (pathname === '/stream') {
        response.setHeader('content-type', 'text/event-stream')
        response.write('data: first\n\n')
      } else if (pathname === '/bytes') {
        response.setHeader('content-type', 'text/html; charset=gbk')
        response.end(
          Buffer.concat([Buffer.from('<html><body>'), Buffer.from([0xc4, 0xe3]), Buffer.from('</body>')]),
        )
      } else if (pathname === '/echo') {
        const body: Buffer[] = []
        asked.on('data', (chunk: Buffer) => body.push(chunk))
        asked.on('end', () => {
          response.setHeader('content-type', 'application/json')
          const { method, url, headers } = asked
          response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(body).toString() }))
        })
      } else {
        response.setHeader('content-type', 'text/html')
        response.end(html)
      }
    })
    proxy = await servePageProxy({
      page: new URL(`${theirs.url}/shop/?a=1#/x`),
      sandbox: 'http://localhost:1',
      host: '127.0.0.1',
      port: 0,
      answerMs: 5_000,
    })
  })
  afterAll(async () => {
    await proxy?.close()
    await theirs?.close()
  })

  const get = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`${proxy.origin}${path}`, { redirect: 'manual', ...init })

  test('keeps path, query and fragment of the page', () => {
    expect(proxy.pageUrl).toBe(`${proxy.origin}/shop/?a=1#/x`)
  })

  test.each(['/', '/gzip', '/br', '/deflate'])('puts the bridge first into the head of %s', async (path) => {
    const answer = await get(path)
    expect(answer.headers.get('content-encoding')).toBeNull()
    expect(await answer.text()).toBe(html.replace('<head lang="en">', `<head lang="en">${bridgeTag}`))
  })

  test('takes away what forbids the frame or the script, in headers and in the page', async () => {
    const answer = await get('/strict')
    for (const name of ['content-security-policy', 'x-frame-options', 'etag', 'content-length'])
      expect(answer.headers.get(name), name).toBeNull()
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await answer.text()).toBe(html.replace('<head lang="en">', `<head lang="en">${bridgeTag}`))
  })

  test('leaves the bytes of other encodings alone, and pages without a head get the bridge all the same', async () => {
    const bytes = Buffer.from(await (await get('/bytes')).arrayBuffer())
    expect(bytes.includes(Buffer.from([0xc4, 0xe3]))).toBe(true)
    expect(bytes.toString('latin1').startsWith(`<html>${bridgeTag}<body>`)).toBe(true)
  })

  test('leaves alone what a script fetches', async () => {
    const answer = await get('/', { headers: { 'sec-fetch-dest': 'empty' } })
    const seen = theirs.seen.at(-1)?.headers['sec-fetch-dest']
    // Node's fetch sets none of these by itself; a browser does.
    expect(seen).toBe('empty')
    expect(await answer.text()).toBe(html)
  })

  test('forwards method, query, headers and body, and names the page as host and origin', async () => {
    const answer = await get('/echo?x=%E4%BD%A0&y', {
      method: 'PUT',
      headers: { origin: proxy.origin, referer: `${proxy.origin}/shop/`, 'x-mine': '1' },
      body: 'hello',
    })
    const told = (await answer.json()) as { headers: Record<string, string> }
    expect(told).toMatchObject({ method: 'PUT', url: '/echo?x=%E4%BD%A0&y', body: 'hello' })
    expect(told.headers).toMatchObject({
      host: new URL(theirs.url).host,
      origin: theirs.url,
      referer: `${theirs.url}/shop/`,
      'x-mine': '1',
      'accept-encoding': 'identity',
    })
  })

  test('leaves the origin of strangers as it is, so that the page can refuse them', async () => {
    const answer = await get('/echo', { headers: { origin: 'https://evil.example' } })
    expect((await answer.json()).headers.origin).toBe('https://evil.example')
  })

  test('keeps redirects and cookies at the proxy, and other places where they are', async () => {
    const answer = await get('/away')
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe(`${proxy.origin}/login?from=1`)
    expect(answer.headers.getSetCookie()).toEqual(['a=1; Path=/; HttpOnly', 'b=2; Path=/'])
    expect((await get('/elsewhere')).headers.get('location')).toBe('https://h5.example.com/x')
  })

  test('streams: the first event arrives while the answer is open', async () => {
    const abort = new AbortController()
    const answer = await get('/stream', { signal: abort.signal })
    const { value } = (await answer.body?.getReader().read()) ?? {}
    expect(Buffer.from(value ?? []).toString()).toBe('data: first\n\n')
    abort.abort()
  })

  test('passes a WebSocket through, both ways', async () => {
    const heard = await new Promise<string>((resolve, reject) => {
      const asked = request(`${proxy.origin}/hmr`, {
        headers: { connection: 'Upgrade', upgrade: 'echo', origin: proxy.origin },
      })
      asked.on('error', reject)
      asked.on('upgrade', (answer, socket) => {
        socket.on('data', (chunk: Buffer) => {
          resolve(`${answer.statusCode} ${chunk}`)
          socket.destroy()
        })
        socket.write('ping')
      })
      asked.end()
    })
    expect(heard).toBe('101 ping')
    expect(theirs.seen.at(-1)?.headers.origin).toBe(theirs.url)
  })

  test('refuses every other host name, or a page elsewhere could reach the server behind it', async () => {
    const before = theirs.seen.length
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const asked = request(`http://127.0.0.1:${proxy.port}/`, { headers: { host: 'evil.example' } })
      asked.on('response', (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
      asked.on('error', reject)
      asked.end()
    })
    expect(status).toBe(421)
    expect(theirs.seen).toHaveLength(before)
  })

  test('says in both languages which page does not answer', async () => {
    const gone = await theirServer(undefined)
    await gone.close()
    const lonely = await servePageProxy({
      page: new URL(gone.url),
      sandbox: 'http://localhost:1',
      host: '127.0.0.1',
      port: 0,
    })
    const answer = await fetch(lonely.origin, { headers: { accept: 'text/html' } })
    const said = await answer.text()
    const plain = await fetch(`${lonely.origin}/api`)
    await lonely.close()
    expect(answer.status).toBe(502)
    expect(said).toContain(gone.url)
    expect(said).toContain('你的网页没有响应')
    expect(said).toContain('Your page does not answer')
    expect(said).toContain(bridgeTag)
    expect(plain.status).toBe(502)
    expect(await plain.text()).toContain(gone.url)
  })
})

describe.skipIf(!hasChromium)("somebody's own page in the phone", () => {
  let folder: string
  let theirs: TheirServer
  let demo: RunningDemo
  const service = { url: '' }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'own-page-'))
    const client = await readFile(
      fileURLToPath(new URL('../../dist/client/wx-h5-kit.min.js', import.meta.url)),
      'utf8',
    )
    theirs = await theirServer((asked, response) => {
      if (asked.url === '/client.js') {
        response.setHeader('content-type', 'text/javascript')
        response.end(client)
        return
      }
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.setHeader('x-frame-options', 'DENY')
      response.end(`<!doctype html><html><head><title>My shop</title><script src="/client.js"></script></head>
        <body><p id="state">…</p><script>
          WxH5Kit.createWeixin({ service: '${service.url}' }).ready()
            .then((ready) => { state.textContent = 'ready ' + ready.url }, (error) => { state.textContent = String(error) })
        </script></body></html>`)
    })
    demo = await startDemo({
      port: 0,
      sandboxPort: 0,
      page: new URL(`${theirs.url}/shop?x=1`),
      databaseFile: join(folder, 'demo.db'),
      logger: createLogger({ level: 'silent' }),
    })
    service.url = new URL(demo.pageUrl).origin
  })
  afterAll(async () => {
    await closeBrowser()
    await demo?.close()
    await theirs?.close()
    await rm(folder, { recursive: true, force: true })
  })

  test.each(['ios', 'android'] as const)(
    'becomes ready on %s, signed under the address of the proxy',
    async (profile) => {
      const browser = await openBrowser()
      const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
      const page = await context.newPage()
      await page.goto(`${demo.phoneUrl}/?profile=${profile}&language=en`)
      const state = page.frameLocator('.page iframe').locator('#state', { hasText: /ready|failed/ })
      expect(await state.innerText()).toBe(`ready ${demo.ownPageUrl}`)
      await page.locator('.nav-title', { hasText: 'My shop' }).waitFor()
      await context.close()
    },
  )

  test('the start says where the own page and the service are', () => {
    const said = demo.lines.join('\n')
    expect(said).toContain(demo.ownPageUrl)
    expect(said).toContain(theirs.url)
    expect(said).toContain(`${service.url}/docs`)
  })
})
