import { Hono } from 'hono'
import { onTestFinished } from 'vitest'
import { createSandbox, type Sandbox, type SandboxOptions, serveSandbox } from '../../demo/sandbox/index.ts'

/** Answers that WeChat has made and that do not leave it yet. */
export interface Held {
  /** Until so many are held. */
  arrived(count?: number): Promise<void>
  /** Lets them go, and holds no more. */
  release(): void
}

/** A sandbox of this process that other processes reach over HTTP. */
export interface WechatServer {
  readonly sandbox: Sandbox
  /** For `wechat.apiHosts`. */
  readonly url: string
  /** Holds the answers of a path from now on, or only the next ones: the sandbox has issued what is in them. */
  hold(path: string, times?: number): Held
}

/** Serves a sandbox until the test is over. */
export async function startWechat(options: SandboxOptions = {}): Promise<WechatServer> {
  const sandbox = createSandbox(options)
  const holds = new Map<string, () => Promise<void>>()
  const app = new Hono()
  app.all('*', async (context) => {
    const answer = await sandbox.app.fetch(context.req.raw, context.env)
    await holds.get(context.req.path.slice(1))?.()
    return answer
  })
  const served = await serveSandbox({ ...sandbox, app }, { port: 0 })
  onTestFinished(served.close)
  return {
    sandbox,
    url: served.url,
    hold(path, times = Number.POSITIVE_INFINITY) {
      const held: (() => void)[] = []
      let told: () => void = () => undefined
      let left = times
      holds.set(path, async () => {
        left -= 1
        if (left < 0) return
        const letGo = new Promise<void>((resolve) => held.push(resolve))
        told()
        await letGo
      })
      return {
        async arrived(count = 1) {
          while (held.length < count) await new Promise<void>((resolve) => (told = resolve))
        },
        release() {
          holds.delete(path)
          for (const letGo of held) letGo()
        },
      }
    },
  }
}
