import { spawn } from 'node:child_process'
import type { FakeWechat } from './fake-wechat.ts'
import { PAGE, service } from './plans.ts'
import { goal } from './report.ts'
import { median } from './statistics.ts'
import { accepts, freePort } from './target.ts'

const STARTS = 5
const UPSTREAM_MS = 100

/** Starts the built service with empty stores: how long until it accepts, and until the first page is signed. */
export async function measureStartUp(wechat: FakeWechat): Promise<void> {
  wechat.delayMs = UPSTREAM_MS
  const listeningMs: number[] = []
  const firstMs: number[] = []
  for (let start = 0; start < STARTS; start++) {
    const { args, cwd } = service('start', wechat.url)
    const port = await freePort()
    const startedAt = performance.now()
    const child = spawn(process.execPath, typeof args === 'function' ? args(port) : args, {
      cwd,
      stdio: 'ignore',
    })
    await accepts(port)
    const listeningAt = performance.now()
    const response = await fetch(`http://127.0.0.1:${port}/v1/jsapi/signature`, {
      method: 'POST',
      body: new URLSearchParams({ url: PAGE }),
    })
    if (!response.ok) throw new Error(`the first signature: ${response.status} ${await response.text()}`)
    listeningMs.push(listeningAt - startedAt)
    firstMs.push(performance.now() - listeningAt)
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
  }
  wechat.delayMs = 0
  const listening = median(listeningMs)
  const own = median(firstMs) - 2 * UPSTREAM_MS
  console.log(`\nstart: median of ${STARTS}, empty stores, WeChat takes ${UPSTREAM_MS} ms per call`)
  goal('start of the process to listening', `${listening.toFixed(0)} ms`, '< 500 ms', listening < 500)
  goal('first signature, without the two calls to WeChat', `${own.toFixed(0)} ms`, '<= 200 ms', own <= 200)
}
