import { request as httpRequest } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import {
  builtInAccount,
  createSandbox,
  type SandboxOptions,
  type ServedSandbox,
  serveSandbox,
} from '../../../demo/sandbox/index.ts'
import { NOON } from './asking.ts'

const { appId, appSecret } = builtInAccount
const path = `/cgi-bin/token?grant_type=client_credential&appid=${appId}&secret=${appSecret}`
const open: ServedSandbox[] = []
const globalsBefore = [globalThis.Request, globalThis.Response]

async function serve(options: SandboxOptions = {}) {
  const sandbox = createSandbox(options)
  const served = await serveSandbox(sandbox, { port: 0 })
  open.push(served)
  return { sandbox, served }
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((served) => served.close()))
})

describe('over a socket', () => {
  test("port 0 picks a port and answers with WeChat's headers", async () => {
    const { served } = await serve({ now: () => NOON })
    expect(served.url).toBe(`http://localhost:${served.port}`)
    const answer = await fetch(served.url + path)
    expect(answer.headers.get('content-type')).toBe('application/json; encoding=utf-8')
    expect(answer.headers.get('date')).toBe('Thu, 17 Sep 2026 04:00:00 GMT')
    expect(await answer.json()).toMatchObject({ expires_in: 7200 })
  })

  test('a taken port is named together with the option', async () => {
    const { sandbox, served } = await serve()
    await expect(serveSandbox(sandbox, { port: served.port })).rejects.toThrow(
      new RegExp(`port ${served.port} on 127\\.0\\.0\\.1 is taken.*--port`),
    )
  })

  test('the white list sees the address of the socket', async () => {
    const { served } = await serve({ accounts: [{ ...builtInAccount, ipWhitelist: ['198.51.100.1'] }] })
    expect(await (await fetch(served.url + path)).json()).toMatchObject({
      errcode: 40164,
      errmsg: expect.stringMatching(
        /^invalid ip 127\.0\.0\.1 ipv6 ::ffff:127\.0\.0\.1, not in whitelist rid: /,
      ),
    })
  })

  test('reset breaks the connection, and the next request works', async () => {
    const { sandbox, served } = await serve()
    sandbox.addFault({ kind: 'reset', times: 1 })
    const failure = new Promise<NodeJS.ErrnoException>((resolve) => {
      httpRequest(served.url + path, () => resolve(new Error('answered')))
        .on('error', resolve)
        .end()
    })
    expect((await failure).message).toBe('read ECONNRESET')
    expect((await fetch(served.url + path)).status).toBe(200)
  })

  test('hang ends when the caller goes away', async () => {
    const { sandbox, served } = await serve()
    sandbox.addFault({ kind: 'hang', times: 1 })
    const giveUp = new AbortController()
    const answer = fetch(served.url + path, { signal: giveUp.signal })
    await expect.poll(() => sandbox.calls().length).toBe(1)
    giveUp.abort()
    await expect(answer).rejects.toThrow(/abort/i)
    expect((await fetch(served.url + path)).status).toBe(200)
  })

  test('close breaks held requests and frees the port', async () => {
    const { sandbox, served } = await serve()
    sandbox.addFault({ kind: 'hang' })
    const answer = fetch(served.url + path)
    const broken = expect(answer).rejects.toThrow()
    const inProcess = sandbox.fetch(new Request(`https://api.weixin.qq.com${path}`))
    await expect.poll(() => sandbox.calls().length).toBe(2)
    await served.close()
    await broken
    expect((await inProcess).type).toBe('error')
    const again = await serveSandbox(sandbox, { port: served.port })
    await again.close()
  })

  test('truncated, empty, html and 500 arrive as they are', async () => {
    const { sandbox, served } = await serve()
    const seen: [number, number][] = []
    for (const kind of ['truncated', 'empty', 'html', 'http_500'] as const) {
      sandbox.setFaults([{ kind }])
      const answer = await fetch(served.url + path)
      seen.push([answer.status, Math.sign((await answer.text()).length)])
    }
    expect(seen).toEqual([
      [200, 1],
      [200, 0],
      [200, 1],
      [500, 1],
    ])
  })

  test('the global Request and Response stay as they were', async () => {
    await serve()
    expect(globalThis.Request).toBe(globalsBefore[0])
    expect(globalThis.Response).toBe(globalsBefore[1])
  })
})
