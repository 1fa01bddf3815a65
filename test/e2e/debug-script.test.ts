import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeBrowser, hasChromium, openBrowser } from '../support/browser.ts'

const folder = new URL('../../dist/client/', import.meta.url)
const asked: string[] = []
// Serves the two scripts of the one-tag build, as a site that copied them would.
const site = createServer(async (request, response) => {
  const name = basename(request.url ?? '')
  asked.push(name)
  if (!name.endsWith('.js')) {
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><script src="/js/wx-h5-kit.min.js"></script>')
    return
  }
  response.setHeader('content-type', 'text/javascript')
  response.end(await readFile(new URL(name, folder)))
})
let address: string

beforeAll(async () => {
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(site.address() as AddressInfo).port}/shop/`
})
afterAll(async () => {
  site.close()
  await closeBrowser()
})

test.skipIf(!hasChromium)(
  'with one script tag the debug panel is fetched when it is asked for, from beside the script',
  async () => {
    const page = await (await openBrowser()).newPage()
    await page.goto(address)
    expect(asked).not.toContain('wx-h5-kit.debug.min.js')
    await page.evaluate(async () => {
      const kit = Reflect.get(window, 'WxH5Kit')
      await kit.createWeixin({ service: 'http://localhost:1' }).debug()
    })
    await page.waitForSelector('wx-h5-kit-debug', { state: 'attached' })
    expect(asked).toContain('wx-h5-kit.debug.min.js')
    await page.close()
  },
)
