import { onTestFinished } from 'vitest'
import { builtInAccount, createSandbox, type Sandbox } from '../../demo/sandbox/index.ts'
import { systemClock } from '../../server/clock.ts'
import { createManualClock, type ManualClock } from './manual-clock.ts'
import { createRawUpstream, type RawAnswer, type RawUpstream, rightAnswer } from './raw-upstream.ts'
import { createTestService, form, PAGE, type TestService } from './service.ts'
import { readSignatureAnswer, type SignatureAnswer, verdictOn } from './verdict.ts'

export interface RawServiceOptions {
  /** Addresses of WeChat as configured, made from those of the two raw hosts; default: these. */
  readonly apiHosts?: (first: string, second: string) => readonly string[]
  readonly account?: object
  readonly tls?: boolean
  /** Time runs for the service as for the network: for what waits for a deadline. Default: it stands still. */
  readonly realTime?: boolean
}

/** A service with two hosts of WeChat on raw sockets, which it asks through the real `fetch`. */
export interface RawService extends TestService {
  readonly clock: ManualClock
  /** What WeChat knows; the raw hosts answer from it. */
  readonly truth: Sandbox
  readonly hosts: readonly [RawUpstream, RawUpstream]
  sign(): Promise<SignatureAnswer>
  /** What a WeChat client says to it now. */
  verdict(answer: SignatureAnswer): string
  /** Both hosts answer like this from now on, to one path when it is given; without an answer, rightly. */
  answer(answer?: RawAnswer, path?: string): void
  /** Requests so far, by host. */
  asked(path?: string): [number, number]
}

/** Makes such a service, until the test is over. */
export async function createRawService(options: RawServiceOptions = {}): Promise<RawService> {
  const clock = createManualClock()
  const truth = createSandbox({
    accounts: [{ ...builtInAccount, safeDomains: ['h5.example.com'] }],
    now: () => (options.realTime === true ? systemClock : clock).now(),
  })
  const tls = options.tls ?? false
  const hosts = [await createRawUpstream(truth, { tls }), await createRawUpstream(truth, { tls })] as const
  const [first, second] = hosts
  const apiHosts = options.apiHosts?.(first.origin, second.origin) ?? [first.origin, second.origin]
  const running = await createTestService({
    config: { wechat: { apiHosts }, rateLimits: { signature: { points: 0, perSeconds: 60 } } },
    ...(options.account === undefined ? {} : { account: options.account }),
    // Pauses between tries take no time, what the network does takes real time.
    world: {
      clock: options.realTime === true ? systemClock : { ...clock, sleep: async () => undefined },
      fetch,
    },
  })
  onTestFinished(running.service.close)
  return {
    ...running,
    clock,
    truth,
    hosts,
    sign: async () =>
      readSignatureAnswer(await running.service.app.request('/v1/jsapi/signature', form({ url: PAGE }))),
    verdict: (answer) => verdictOn(truth, answer),
    answer(answer, path) {
      for (const host of hosts) host.answer(path === undefined || !answer ? answer : only(path, answer))
    },
    asked: (path) => {
      const count = ({ requests }: RawUpstream) =>
        requests.filter((asked) => path === undefined || asked === path).length
      return [count(first), count(second)]
    },
  }

  function only(path: string, answer: RawAnswer): RawAnswer {
    return async (socket, request) => {
      if (request.target.split('?')[0] === `/${path}`) await answer(socket, request)
      else socket.end(await rightAnswer(truth, request))
    }
  }
}
