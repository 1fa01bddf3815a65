import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createClients } from '../../../server/access/clients.ts'

const hash = (secret: string) => `sha256:${createHash('sha256').update(secret).digest('hex')}`
const base = { scopes: ['sign'], accounts: [] }
const clients = createClients([
  { clientId: 'crm', clientSecret: 'crm-secret', applicationKey: 'wechatcp', ...base },
  { clientId: 'shop', clientSecret: hash('shop-secret'), previousClientSecret: 'old-shop-secret', ...base },
  {
    clientId: 'desk',
    clientSecret: 'desk-secret',
    previousClientSecret: hash('old-desk-secret').toUpperCase().replace('SHA', 'sha'),
    ...base,
  },
])
const identify = (clientId: string, clientSecret: string, applicationKey = '') =>
  clients.identify({ clientId, clientSecret, applicationKey })?.clientId

test('a client is known by id, secret and applicationKey together', () => {
  expect(identify('crm', 'crm-secret', 'wechatcp')).toBe('crm')
  expect(identify('crm', 'crm-secret')).toBeUndefined()
  expect(identify('crm', 'crm-secret', 'other')).toBeUndefined()
  expect(identify('crm', 'crm-secre', 'wechatcp')).toBeUndefined()
  expect(identify('crm', '', 'wechatcp')).toBeUndefined()
  expect(identify('shop', 'crm-secret', 'wechatcp')).toBeUndefined()
  expect(identify('nobody', 'crm-secret', 'wechatcp')).toBeUndefined()
  expect(identify('shop', 'shop-secret', 'wechatcp')).toBeUndefined()
})

test('hashed secrets and the secret before are accepted, the hash itself is not', () => {
  expect(identify('shop', 'shop-secret')).toBe('shop')
  expect(identify('shop', 'old-shop-secret')).toBe('shop')
  expect(identify('desk', 'old-desk-secret')).toBe('desk')
  expect(identify('shop', hash('shop-secret'))).toBeUndefined()
  expect(identify('shop', hash('shop-secret').slice(7))).toBeUndefined()
})

test('ids that every object has belong to nobody', () => {
  for (const id of ['__proto__', 'constructor', 'toString', '']) {
    expect(identify(id, 'crm-secret')).toBeUndefined()
    expect(clients.find(id)).toBeUndefined()
  }
})

test('no other secret opens a client', () => {
  fc.assert(
    fc.property(fc.constantFrom('crm', 'shop', 'desk', 'x'), fc.string(), fc.string(), (id, secret, key) => {
      expect(identify(id, secret, key)).toBeUndefined()
      expect(identify(id, secret)).toBeUndefined()
    }),
  )
})

test('nothing that holds the clients holds a secret', () => {
  expect(JSON.stringify(clients.find('crm'))).not.toContain('crm-secret')
})
