import { createManualClock } from './manual-clock.ts'
import { createTestService, form, silentLogger } from './service.ts'

// A process of its own, with --expose-gc: how much a service holds after many visitors whom it sees once. Prints one
// line of JSON, in bytes.

const VISITORS = Number(process.argv[2])
const { gc } = globalThis
if (gc === undefined) throw new Error('Run with --expose-gc.')
const clock = createManualClock()
const { service } = await createTestService({
  config: { publicUrl: 'https://wx.example.com', trustedProxies: 1 },
  account: { portIds: [4], redirects: ['https://h5.example.com'] },
  world: { clock, logger: silentLogger() },
})
const seen = new Map<string, number>()

async function visit(from: number, count: number): Promise<void> {
  for (let turn = from; turn < from + count; turn++) {
    const address = `2001:db8:${(turn >> 16).toString(16)}:${(turn & 0xffff).toString(16)}::1`
    const headers = { 'x-forwarded-for': `${turn}, ${address}`, 'x-request-id': `id-${turn}` }
    const page = encodeURIComponent(`https://h5.example.com/news?id=${turn}`)
    await ask('/v1/jsapi/signature', { ...form({ url: decodeURIComponent(page) }), headers })
    await ask(`/wx/api/fans/authInfo?portid=4&redirectPath=${page}`, { headers })
    await ask(`/wx/api/fans/authInfo/callback?code=${turn}&state=${String(turn).padStart(32, '0')}`, {
      headers,
    })
    await ask(`/nowhere/${turn}`, { headers })
    await ask('/v1/jsapi/signature', { ...form({ url: `https://evil-${turn}.example/` }), headers })
  }
}

async function ask(path: string, init: RequestInit): Promise<void> {
  const answer = await service.app.request(path, init)
  await answer.arrayBuffer()
  const route = `${answer.status} ${path.split(/[?]|\d{4}/, 1)[0]}`
  seen.set(route, (seen.get(route) ?? 0) + 1)
}

function heap(): number {
  gc?.()
  gc?.()
  return process.memoryUsage().heapUsed
}

await visit(1_000, 2_000)
await clock.advance(1_800_000)
await visit(4_000, 10)
const before = heap()
await visit(10_000, VISITORS)
const full = heap()
await clock.advance(1_800_000)
await visit(5_000, 10)
const later = heap()
process.stdout.write(JSON.stringify({ before, full, later, seen: Object.fromEntries(seen) }))
process.exit(0)
