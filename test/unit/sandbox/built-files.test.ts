import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../../demo/sandbox/index.ts'
import { account, stillSandbox } from './asking.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phone-'))
  await mkdir(join(folder, 'phone', 'assets'), { recursive: true })
  await writeFile(join(folder, 'phone', 'index.html'), '<title>phone</title>')
  await writeFile(join(folder, 'phone', 'assets', 'a b.js'), 'phone()')
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await writeFile(join(folder, 'bridge.js'), 'bridge()')
})
afterAll(() => rm(folder, { recursive: true }))

function open(sandbox: Sandbox, path: string): Promise<Response> {
  return sandbox.fetch(new Request(`http://localhost:8788${path}`))
}

describe('built files', () => {
  test('the phone is served at the root with its types', async () => {
    const sandbox = stillSandbox({ phoneFolder: join(folder, 'phone') })
    const page = await open(sandbox, '/')
    expect([page.headers.get('content-type'), await page.text()]).toEqual([
      'text/html; charset=utf-8',
      '<title>phone</title>',
    ])
    const script = await open(sandbox, '/assets/a%20b.js')
    expect([script.headers.get('content-type'), await script.text()]).toEqual([
      'text/javascript; charset=utf-8',
      'phone()',
    ])
    expect((await open(sandbox, '/cgi-bin/token')).headers.get('content-type')).toMatch(/encoding=utf-8/)
  })

  test.each([
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/%',
    '/%00',
    '/assets',
  ])('%s gives no file', async (path) => {
    const answer = await open(stillSandbox({ phoneFolder: join(folder, 'phone') }), path)
    expect(answer.status).toBe(404)
    expect(await answer.text()).not.toContain('secret\n')
  })

  test("WeChat's hosts never give the phone", async () => {
    const sandbox = stillSandbox({ phoneFolder: join(folder, 'phone') })
    const answer = await sandbox.fetch(new Request('https://open.weixin.qq.com/'))
    expect(answer.status).toBe(404)
  })

  test('what is not built is 503 and says what to run', async () => {
    const sandbox = stillSandbox({
      phoneFolder: join(folder, 'nothing'),
      bridgeScript: join(folder, 'nothing.js'),
    })
    for (const path of ['/', '/__sandbox/bridge.js']) {
      const answer = await open(sandbox, path)
      expect(answer.status).toBe(503)
      expect(await answer.text()).toContain('npm run build')
    }
  })

  test('the bridge script and the phone settings come from the options', async () => {
    const phone = {
      page: 'http://localhost:8787/demo/',
      sandbox: 'http://localhost:8788',
      account: { appId: 'wx' },
    }
    for (const option of [phone, () => phone]) {
      const sandbox = stillSandbox({ bridgeScript: join(folder, 'bridge.js'), phone: option })
      const script = await open(sandbox, '/__sandbox/bridge.js')
      expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
      expect(await script.text()).toBe('bridge()')
      expect(await (await open(sandbox, '/__sandbox/phone.json')).json()).toEqual(phone)
    }
  })

  test('the phone settings hold no secret of an account', async () => {
    const phone = { page: '', sandbox: '', account: { ...account, name: 'shop' } }
    const settings = await (await open(stillSandbox({ phone }), '/__sandbox/phone.json')).json()
    expect(settings).toEqual({ page: '', sandbox: '', account: { appId: account.appId, name: 'shop' } })
  })

  test("a browser's request for an icon is no call to WeChat", async () => {
    const sandbox = stillSandbox({ phoneFolder: join(folder, 'phone') })
    expect((await open(sandbox, '/favicon.ico')).status).toBe(204)
    expect(sandbox.calls()).toEqual([])
  })

  test('without the options they are 404 and name the option', async () => {
    expect(await (await open(stillSandbox(), '/__sandbox/bridge.js')).text()).toContain('bridgeScript')
    expect(await (await open(stillSandbox(), '/__sandbox/phone.json')).text()).toContain('option phone')
  })
})
