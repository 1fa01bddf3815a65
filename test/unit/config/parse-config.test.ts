import { expect, test } from 'vitest'
import { parseConfig } from '../../../server/config/load.ts'

const account = { appId: 'wx0123456789abcdef', appSecret: '0123456789abcdef0123456789abcdef' }

test('the smallest configuration gets every default', () => {
  expect(parseConfig({ accounts: [account] })).toEqual({
    listen: { host: '127.0.0.1', port: 8787, maxConnections: 20_000, drainSeconds: 1 },
    trustedProxies: 0,
    stateCookie: 'required',
    database: { kind: 'sqlite', file: '.data/wx-h5.db' },
    wechat: {
      apiHosts: ['https://api.weixin.qq.com', 'https://api2.weixin.qq.com'],
      authorizeUrl: 'https://open.weixin.qq.com/connect/oauth2/authorize',
    },
    accounts: [
      {
        ...account,
        portIds: [],
        tokenApi: 'stable',
        pageOrigins: [],
        redirects: [],
        publicCards: [],
        verifyFiles: {},
      },
    ],
    redisPrefix: 'wx-h5:',
    rateLimits: {
      signature: { points: 600, perSeconds: 60 },
      authInfo: { points: 60, perSeconds: 60 },
      accessToken: { points: 30, perSeconds: 60 },
    },
    clients: [],
    keys: { file: '.data/keys.json', ssoToken: [], phone: [] },
  })
})

test('a configuration with every key is accepted', () => {
  const config = parseConfig(
    {
      publicUrl: 'https://mem.example.com/mp/',
      listen: { host: '0.0.0.0', port: 80 },
      trustedProxies: 1,
      stateCookie: 'preferred',
      database: 'sqlite:/var/lib/wx-h5.db',
      redis: 'env:REDIS_URL',
      redisPrefix: 'shop:',
      wechat: {
        apiHosts: ['http://localhost:8788'],
        authorizeUrl: 'http://localhost:8788/connect/oauth2/authorize',
      },
      accounts: [
        {
          appId: 'wx0123456789abcdef',
          appSecret: 'env:WX_SECRET',
          name: '会员中心',
          portIds: [4, 5],
          tokenApi: 'classic',
          pageOrigins: [
            'https://h5.example.com',
            'http://localhost:8787',
            'https://例子.com',
            'https://H5.example.com:443',
          ],
          redirects: ['https://h5.example.com', 'http://mem.example.com/mp3'],
          publicCards: ['pdkJ9uLRSbnB3UFEjZAgUxAJrjeY'],
          verifyFiles: { 'MP_verify_a1B2c3.txt': 'a1B2c3' },
        },
      ],
      rateLimits: { signature: { points: 0, perSeconds: 1 }, authInfo: { points: 5 } },
      clients: [
        {
          clientId: 'crm',
          clientSecret: 'env:CRM_SECRET',
          applicationKey: 'wechatcp',
          scopes: ['sign', 'identity'],
          accounts: ['wx0123456789abcdef'],
        },
      ],
    },
    { REDIS_URL: 'redis://:pw@redis:6379', WX_SECRET: account.appSecret, CRM_SECRET: 'wxs_1' },
  )
  expect(config.publicUrl).toBe('https://mem.example.com/mp')
  expect(config.redis).toBe('redis://:pw@redis:6379')
  expect(config.redisPrefix).toBe('shop:')
  expect(config.accounts[0]?.appSecret).toBe(account.appSecret)
  expect(config.accounts[0]?.pageOrigins).toHaveLength(4)
  expect(config.rateLimits.authInfo).toEqual({ points: 5, perSeconds: 60 })
  expect(config.clients[0]?.clientSecret).toBe('wxs_1')
})

test.each([
  ['memory', { kind: 'sqlite', file: ':memory:' }],
  ['postgres://u:p@h:5432/d', { kind: 'postgres', url: 'postgres://u:p@h:5432/d' }],
  ['postgresql://h/d?sslmode=require', { kind: 'postgres', url: 'postgresql://h/d?sslmode=require' }],
  ['sqlite::memory:', { kind: 'sqlite', file: ':memory:' }],
  ['sqlite:wx.db', { kind: 'sqlite', file: 'wx.db' }],
  ['sqlite:/var/wx.db', { kind: 'sqlite', file: '/var/wx.db' }],
  ['sqlite:///var/wx.db', { kind: 'sqlite', file: '/var/wx.db' }],
])('database %s is understood', (database, expected) => {
  expect(parseConfig({ database, accounts: [account] }).database).toEqual(expected)
})

test('variables become numbers and lists where the configuration wants them', () => {
  const config = parseConfig(
    {
      listen: { port: 'env:WEB_PORT' },
      accounts: [{ ...account, portIds: 'env:PORT_IDS', pageOrigins: 'env:ORIGINS', name: 'env:NAME' }],
    },
    {
      WEB_PORT: '9000',
      PORT_IDS: '4, 5',
      ORIGINS: 'https://a.example.com, https://b.example.com',
      NAME: '9000',
    },
  )
  expect(config.listen.port).toBe(9000)
  expect(config.accounts[0]?.portIds).toEqual([4, 5])
  expect(config.accounts[0]?.pageOrigins).toEqual(['https://a.example.com', 'https://b.example.com'])
  expect(config.accounts[0]?.name).toBe('9000')
})

test('PORT in the environment takes precedence over listen.port', () => {
  expect(parseConfig({ listen: { port: 1 }, accounts: [account] }, { PORT: '0' }).listen.port).toBe(0)
  expect(parseConfig({ listen: { port: 1 }, accounts: [account] }, { PORT: '' }).listen.port).toBe(1)
})

test('the result is frozen to its leaves and leaves the input alone', () => {
  const raw = { listen: { port: 1 }, accounts: [{ ...account, pageOrigins: ['https://a.example.com'] }] }
  const copy = structuredClone(raw)
  const config = parseConfig(raw, { PORT: '2' })
  const frozen = (value: unknown): boolean =>
    typeof value !== 'object' ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every(frozen))
  expect(frozen(config)).toBe(true)
  expect(raw).toEqual(copy)
  expect(Object.isFrozen(raw.accounts[0])).toBe(false)
})

test('two configurations share nothing that could be changed', () => {
  const [one, other] = [parseConfig({ accounts: [account] }), parseConfig({ accounts: [account] })]
  expect(one).toEqual(other)
  expect(one.accounts[0]?.verifyFiles).not.toBe(other.accounts[0]?.verifyFiles)
})
