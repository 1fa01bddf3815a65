import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { addStoreMetrics } from '../../../server/observability/store-metrics.ts'
import { createManualClock, settle } from '../../support/manual-clock.ts'

function start() {
  const registry = new Registry()
  const clock = createManualClock()
  const stores = addStoreMetrics(registry, clock)
  const lines = async () => (await registry.metrics()).split('\n').filter((line) => /^wxh5_.*\{/.test(line))
  return { clock, stores, lines }
}

test('a store that is not configured is not shown', async () => {
  expect(await start().lines()).toEqual([])
})

test('a store that fails is down, and up again when it answers', async () => {
  const { clock, stores, lines } = start()
  let answer = (): Promise<unknown> => Promise.reject(new Error('gone'))
  stores.watch('redis', () => answer())
  stores.watch('database', async () => undefined)
  expect(await lines()).toEqual([
    'wxh5_store_up{store="redis"} 0',
    'wxh5_store_up{store="database"} 1',
    'wxh5_store_errors_total{store="redis"} 0',
    'wxh5_store_errors_total{store="database"} 0',
  ])
  answer = async () => 'PONG'
  await clock.advance(5_000)
  expect(await lines()).toContain('wxh5_store_up{store="redis"} 1')
})

test('a store that hangs is down after half a second, and the others are shown with it', async () => {
  const { clock, stores, lines } = start()
  stores.watch('redis', () => new Promise(() => undefined))
  stores.watch('database', async () => undefined)
  const shown = lines()
  await settle()
  expect(clock.sleepers).toBe(2)
  await clock.advance(500)
  expect(await shown).toContain('wxh5_store_up{store="redis"} 0')
  expect(await shown).toContain('wxh5_store_up{store="database"} 1')
})

test('however often the metrics are read, a store is asked every five seconds at most', async () => {
  const { clock, stores, lines } = start()
  let asked = 0
  stores.watch('database', async () => asked++)
  for (let turn = 0; turn < 100; turn++) await lines()
  expect(asked).toBe(1)
  await clock.advance(4_999)
  await lines()
  expect(asked).toBe(1)
  await clock.advance(1)
  await Promise.all([lines(), lines()])
  expect(asked).toBe(2)
})

test('failures that somebody met are counted by store', async () => {
  const { stores, lines } = start()
  stores.watch('redis', async () => undefined)
  stores.failed('redis')
  stores.failed('redis')
  expect(await lines()).toContain('wxh5_store_errors_total{store="redis"} 2')
})
