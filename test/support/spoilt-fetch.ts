import type { Sandbox } from '../../demo/sandbox/index.ts'
import { fetchFrom } from './service.ts'

/** An errcode that the sandbox has no reason to give, in WeChat's form. */
export interface Refusal {
  readonly errcode: number
  /** Only for this path, such as `cgi-bin/token`; default: every one. */
  readonly path?: string
  /** How many requests; default: until it is taken back. */
  readonly times?: number
}

/** A `fetch` that ends in a sandbox, and can be told to refuse. */
export interface SpoiltFetch {
  readonly fetch: typeof fetch
  /** Paths of all requests, refused or not. */
  readonly asked: readonly string[]
  refuse(refusal?: Refusal): void
  /** Forgets what was asked so far. */
  forget(): void
}

export function createSpoiltFetch(sandbox: () => Sandbox): SpoiltFetch {
  let asked: string[] = []
  let refusal: Refusal | undefined
  let left = 0
  return {
    get asked() {
      return asked
    },
    forget() {
      asked = []
    },
    refuse(next) {
      refusal = next
      left = next?.times ?? Number.POSITIVE_INFINITY
    },
    async fetch(input, init) {
      const path = new URL(String(input)).pathname.slice(1)
      asked.push(path)
      if (refusal === undefined || left === 0 || (refusal.path ?? path) !== path)
        return fetchFrom(sandbox())(input, init)
      left -= 1
      const { errcode } = refusal
      return Response.json({ errcode, errmsg: `refused rid: 6a1b2c3d-0a0b0c0d-1a1b1c1d` })
    },
  }
}
