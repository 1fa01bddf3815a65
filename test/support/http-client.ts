import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { onTestFinished } from 'vitest'
import { Refused, type Signed } from './history.ts'
import { PAGE } from './service.ts'

export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Many clients of one service, each request on a connection of its own when others are under way. */
export interface HttpClient {
  ask(
    url: string,
    options?: { method?: string; headers?: Record<string, string>; body?: string; deadlineMs?: number },
  ): Promise<HttpAnswer>
  /** What `/v1/jsapi/signature` answers. @throws {Refused} with status and code when it is not a signature */
  sign(service: string, fields?: Record<string, string>): Promise<Signed>
}

const DEADLINE_MS = 90_000
const COME_AGAIN_MS = 250

/** Thinner than `fetch`, so that the two cores are left to the service. */
export function createHttpClient(): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
  onTestFinished(() => agent.destroy())
  const client: HttpClient = {
    ask: (url, { method = 'GET', headers = {}, body, deadlineMs = DEADLINE_MS } = {}) =>
      new Promise((resolve, reject) => {
        const outgoing = request(url, { method, headers, agent, family: 4 }, (answer) => {
          const pieces: Buffer[] = []
          answer.on('data', (piece: Buffer) => pieces.push(piece))
          answer.on('error', reject)
          answer.on('end', () => {
            clearTimeout(timer)
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              text: Buffer.concat(pieces).toString(),
            })
          })
        })
        const timer = setTimeout(
          () => outgoing.destroy(new Error(`no answer in ${deadlineMs} ms`)),
          deadlineMs,
        )
        outgoing.on('error', (error) => {
          clearTimeout(timer)
          reject(error)
        })
        outgoing.end(body)
      }),
    async sign(service, fields = {}) {
      const { status, text } = await client.ask(`${service}/v1/jsapi/signature`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ url: PAGE, ...fields }).toString(),
      })
      return readSigned(status, text)
    },
  }
  return client
}

/** Reads an answer of `/v1/jsapi/signature`. @throws {Refused} with status and code when it is not a signature */
export function readSigned(status: number, text: string): Signed {
  const fields = JSON.parse(text) as Signed & { code?: string }
  if (status !== 200) throw new Refused(`${status} ${fields.code}`)
  return fields
}

/** Comes again when told that the service is overloaded, as clients do; `onTurnedAway` hears of each time. */
export async function patiently<Answer>(
  attempt: () => Promise<Answer>,
  onTurnedAway?: () => void,
): Promise<Answer> {
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof Refused) || !error.message.includes('overloaded')) throw error
      onTurnedAway?.()
      await new Promise((resolve) => setTimeout(resolve, COME_AGAIN_MS))
    }
  }
}

/** How many operations ended in what way, for the table: `9900 ok, 100 fail 503 overloaded`. */
export function tally(operations: readonly { outcome: string; why?: string }[]): string {
  const counts = new Map<string, number>()
  for (const { outcome, why } of operations) {
    const ending = why === undefined ? outcome : `${outcome} ${why}`
    counts.set(ending, (counts.get(ending) ?? 0) + 1)
  }
  return [...counts].map(([ending, count]) => `${count} ${ending}`).join(', ')
}
