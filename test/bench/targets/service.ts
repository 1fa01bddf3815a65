import { createServer } from 'node:http'
import { pino } from 'pino'
import { parseConfig } from '../../../server/config/load.ts'
import { startService } from '../../../server/serve.ts'

// Ours, with everything on: validation, allow-list, rate limit, request id, metrics, access log.
const accounts = Number(process.env.BENCH_ACCOUNTS ?? '1')

const wechat = createServer((request, response) => {
  response.setHeader('content-type', 'application/json')
  response.end(
    request.url?.includes('getticket') === true
      ? JSON.stringify({ errcode: 0, errmsg: 'ok', ticket: 'x'.repeat(86), expires_in: 7200 })
      : JSON.stringify({ access_token: 'y'.repeat(157), expires_in: 7200 }),
  )
})
wechat.listen(0, '127.0.0.1', () => {
  const address = wechat.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  void start(port)
})

async function start(wechatPort: number): Promise<void> {
  const service = await startService(
    parseConfig({
      listen: { port: 0 },
      database: 'memory',
      wechat: { apiHosts: [`http://127.0.0.1:${wechatPort}`] },
      rateLimits: { signature: { points: 1_000_000_000, perSeconds: 60 } },
      accounts: Array.from({ length: accounts }, (_, index) => ({
        appId: `wx${String(index).padStart(16, '0')}`,
        appSecret: 'c0ffee00c0ffee00c0ffee00c0ffee00',
        pageOrigins: ['https://h5.example.com'],
      })),
    }),
    { logger: pino({ level: 'info' }, pino.destination({ dest: '/dev/null', sync: false })) },
  )
  process.send?.({ port: service.port })
}
