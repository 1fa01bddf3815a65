import { expect, test } from 'vitest'
import type { Client } from '../../../server/access/clients.ts'
import { createTokenCache } from '../../../server/access/token-cache.ts'

const client = (clientId: string): Client => ({
  clientId,
  applicationKey: '',
  scopes: new Set(),
  accounts: new Set(),
})

function createCounting() {
  let now = 10_000_000
  let issued = 0
  let failing = false
  const cache = createTokenCache(
    async ({ clientId }) => {
      if (failing) throw new Error('no key')
      return { accessToken: `${clientId}-${++issued}`, issuedAt: now, expiresAt: now + 7_200_000 }
    },
    { now: () => now },
  )
  return {
    get: async (id: string) => (await cache.get(client(id))).accessToken,
    advance: (ms: number) => {
      now += ms
    },
    fail: (yes: boolean) => {
      failing = yes
    },
  }
}

test('callers at once and later share one token until 5 minutes before its end', async () => {
  const { get, advance } = createCounting()
  expect(await Promise.all([get('crm'), get('crm'), get('crm')])).toEqual(['crm-1', 'crm-1', 'crm-1'])
  advance(6_899_999)
  expect(await get('crm')).toBe('crm-1')
  advance(1)
  expect(await get('crm')).toBe('crm-2')
})

test('every client has a token of its own', async () => {
  const { get } = createCounting()
  expect([await get('crm'), await get('shop'), await get('crm')]).toEqual(['crm-1', 'shop-2', 'crm-1'])
})

test('after the clock was set back a new token is made, since nobody would accept one of the future', async () => {
  const { get, advance } = createCounting()
  await get('crm')
  advance(-60_000)
  expect(await get('crm')).toBe('crm-2')
})

test('a failure is not kept', async () => {
  const { get, fail } = createCounting()
  fail(true)
  await expect(get('crm')).rejects.toThrow('no key')
  fail(false)
  expect(await get('crm')).toBe('crm-1')
})
