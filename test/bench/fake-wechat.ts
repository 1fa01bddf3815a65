import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeWechat {
  readonly url: string
  /** How long every answer takes from now on. */
  delayMs: number
  close(): void
}

/** Answers with a token and a ticket that live for two hours: the least that all targets need. */
export async function startFakeWechat(): Promise<FakeWechat> {
  const server: Server = createServer((request, response) => {
    const answer = request.url?.includes('getticket')
      ? { errcode: 0, errmsg: 'ok', ticket: 'x'.repeat(86), expires_in: 7200 }
      : { access_token: 'y'.repeat(157), expires_in: 7200 }
    response.setHeader('content-type', 'application/json')
    setTimeout(() => response.end(JSON.stringify(answer)), fake.delayMs)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const fake: FakeWechat = { url: `http://127.0.0.1:${port}`, delayMs: 0, close: () => void server.close() }
  return fake
}
