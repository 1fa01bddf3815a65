import { expect, test } from 'vitest'
import { parseConfig } from '../../../server/config/load.ts'
import { linesOf } from './lines-of.ts'

const appSecret = '0123456789abcdef0123456789abcdef'
const account = { appId: 'wx0123456789abcdef', appSecret }
const other = { appId: 'wxfedcba9876543210', appSecret }
const client = { clientId: 'crm', clientSecret: 'wxs_1' }

const withOrigin = (origin: unknown) => ({
  accounts: [{ ...account, pageOrigins: ['https://a.example.com', origin] }],
})
const atOrigin = /^accounts\[0\]\.pageOrigins\[1\]: /

// One mistake each: the line's key, and what the line must say.
const table: Array<[what: string, raw: unknown, key: string, says: RegExp]> = [
  ['nothing', {}, 'accounts', /is missing/],
  ['a list', [], 'configuration', /must be an object, got a list/],
  ['null', null, 'configuration', /must be an object/],
  ['no account', { accounts: [] }, 'accounts', /at least one account/],
  ['an account that is a text', { accounts: ['wx'] }, 'accounts[0]', /must be an object, got "wx"/],
  ['no appId', { accounts: [{ appSecret }] }, 'accounts[0].appId', /is missing.*mp\.weixin/],
  ['the original id', { accounts: [{ ...account, appId: 'gh_0123' }] }, 'accounts[0].appId', /got "gh_0123"/],
  [
    'an appId in upper case',
    { accounts: [{ ...account, appId: 'WX0123456789ABCDEF' }] },
    'accounts[0].appId',
    /must be "wx"/,
  ],
  ['no secret', { accounts: [{ appId: account.appId }] }, 'accounts[0].appSecret', /is missing/],
  ['an empty secret', { accounts: [{ ...account, appSecret: '' }] }, 'accounts[0].appSecret', /empty/],
  [
    'a sample secret',
    { accounts: [{ ...account, appSecret: 'your-app-secret' }] },
    'accounts[0].appSecret',
    /sample/,
  ],
  [
    'crosses for a secret',
    { accounts: [{ ...account, appSecret: 'xxx' }] },
    'accounts[0].appSecret',
    /sample/,
  ],
  ['APPSECRET', { accounts: [{ ...account, appSecret: 'APPSECRET' }] }, 'accounts[0].appSecret', /sample/],
  [
    'a secret with a line break',
    { accounts: [{ ...account, appSecret: `${appSecret}\n` }] },
    'accounts[0].appSecret',
    /white space/,
  ],
  [
    'a secret that is a number',
    { accounts: [{ ...account, appSecret: 123456789 }] },
    'accounts[0].appSecret',
    /as a text/,
  ],
  [
    'a variable that is not set',
    { accounts: [{ ...account, appSecret: 'env:WX_S' }] },
    'accounts[0].appSecret',
    /WX_S is not set/,
  ],
  [
    'a variable that is empty',
    { accounts: [{ ...account, appSecret: 'env:EMPTY' }] },
    'accounts[0].appSecret',
    /EMPTY is empty/,
  ],
  [
    'a name inherited by every object',
    { accounts: [{ ...account, appSecret: 'env:toString' }] },
    'accounts[0].appSecret',
    /not set/,
  ],
  ['env: alone', { publicUrl: 'env:', accounts: [account] }, 'publicUrl', /name of an environment variable/],
  ['a reference to a whole account', { accounts: ['env:ACCOUNT'] }, 'accounts[0]', /ACCOUNT is not set/],
  [
    'a secret variable with another reference',
    { accounts: [{ ...account, appSecret: 'env:CHAIN' }] },
    'accounts[0].appSecret',
    /still an "env:"/,
  ],
  ['a relative publicUrl', { publicUrl: '/mp', accounts: [account] }, 'publicUrl', /absolute/],
  [
    'a publicUrl with a query',
    { publicUrl: 'https://a.example.com/?a=1', accounts: [account] },
    'publicUrl',
    /without "\?"/,
  ],
  [
    'a publicUrl with a fragment',
    { publicUrl: 'https://a.example.com/#a', accounts: [account] },
    'publicUrl',
    /without "\?" and "#"/,
  ],
  [
    'a publicUrl of another scheme',
    { publicUrl: 'ftp://a.example.com', accounts: [account] },
    'publicUrl',
    /http:\/\/ or https/,
  ],
  [
    'a port that is a text',
    { listen: { port: '80' }, accounts: [account] },
    'listen.port',
    /0 to 65535, got "80"/,
  ],
  ['a port out of range', { listen: { port: 65_536 }, accounts: [account] }, 'listen.port', /got 65536/],
  ['half a port', { listen: { port: 80.5 }, accounts: [account] }, 'listen.port', /whole number/],
  [
    'a host with a scheme',
    { listen: { host: 'http://a' }, accounts: [account] },
    'listen.host',
    /without a scheme/,
  ],
  ['negative proxies', { trustedProxies: -1, accounts: [account] }, 'trustedProxies', /0 to 100/],
  [
    'a state cookie of another kind',
    { stateCookie: 'never', accounts: [account] },
    'stateCookie',
    /must be "required" or "preferred", got "never"/,
  ],
  [
    'PostgreSQL without a database',
    { database: 'postgres://h', accounts: [account] },
    'database',
    /5432\/database/,
  ],
  ['PostgreSQL from a variable', { database: 'env:PG', accounts: [account] }, 'database', /5432\/database/],
  [
    'PostgreSQL with a password in the query',
    { database: 'postgres://h /d?password=pass-from-env', accounts: [account] },
    'database',
    /5432\/database/,
  ],
  [
    'SQLite with an address',
    { database: 'sqlite://data/wx.db', accounts: [account] },
    'database',
    /right after "sqlite:"/,
  ],
  ['SQLite without a file', { database: 'sqlite:', accounts: [account] }, 'database', /sqlite:PATH/],
  ['a database that is a number', { database: 1, accounts: [account] }, 'database', /got 1/],
  ['a prefix in Redis with a space', { redisPrefix: 'wx h5', accounts: [account] }, 'redisPrefix', /wx-h5:/],
  ['a redis address of another scheme', { redis: 'http://a', accounts: [account] }, 'redis', /redis:\/\//],
  ['no api host', { wechat: { apiHosts: [] }, accounts: [account] }, 'wechat.apiHosts', /at least one/],
  [
    'an api host with a path',
    { wechat: { apiHosts: ['https://a.com/x'] }, accounts: [account] },
    'wechat.apiHosts[0]',
    /"https:\/\/a\.com"/,
  ],
  [
    'api hosts as a text',
    { wechat: { apiHosts: 'https://a.com' }, accounts: [account] },
    'wechat.apiHosts',
    /must be a list/,
  ],
  ['wechat as null', { wechat: null, accounts: [account] }, 'wechat', /must be an object, got null/],
  [
    'another token api',
    { accounts: [{ ...account, tokenApi: 'fast' }] },
    'accounts[0].tokenApi',
    /"stable" or "classic", got "fast"/,
  ],
  ['an account twice', { accounts: [account, account] }, 'accounts[1].appId', /same as accounts\[0\]\.appId/],
  [
    'a port id twice',
    {
      accounts: [
        { ...account, portIds: [4] },
        { ...other, portIds: [5, 4] },
      ],
    },
    'accounts[1].portIds[1]',
    /same as accounts\[0\]\.portIds\[0\], got 4/,
  ],
  [
    'a port id as a text',
    { accounts: [{ ...account, portIds: ['4'] }] },
    'accounts[0].portIds[0]',
    /without quotes/,
  ],
  [
    'a redirect with a query',
    { accounts: [{ ...account, redirects: ['https://a.com/x?y'] }] },
    'accounts[0].redirects[0]',
    /without "\?"/,
  ],
  [
    'a redirect that climbs',
    { accounts: [{ ...account, redirects: ['https://a.com/x/../y'] }] },
    'accounts[0].redirects[0]',
    /"https:\/\/a\.com\/y"/,
  ],
  [
    'a card id with a space',
    { accounts: [{ ...account, publicCards: ['p 1'] }] },
    'accounts[0].publicCards[0]',
    /card id/,
  ],
  [
    'a file outside the root',
    { accounts: [{ ...account, verifyFiles: { '../a.txt': 'a' } }] },
    'accounts[0].verifyFiles["../a.txt"]',
    /without a folder/,
  ],
  [
    'a file with two contents',
    {
      accounts: [
        { ...account, verifyFiles: { 'a.txt': 'a' } },
        { ...other, verifyFiles: { 'a.txt': 'b' } },
      ],
    },
    'accounts[1].verifyFiles["a.txt"]',
    /another content/,
  ],
  [
    'negative points',
    { rateLimits: { signature: { points: -1 } }, accounts: [account] },
    'rateLimits.signature.points',
    /at least 0/,
  ],
  [
    'a limit over no time',
    { rateLimits: { signature: { perSeconds: 0 } }, accounts: [account] },
    'rateLimits.signature.perSeconds',
    /from 1/,
  ],
  [
    'an unknown scope',
    { clients: [{ ...client, scopes: ['root'] }], accounts: [account] },
    'clients[0].scopes[0]',
    /must be one of sign/,
  ],
  [
    'a client of a foreign account',
    { clients: [{ ...client, accounts: ['wxfedcba9876543210'] }], accounts: [account] },
    'clients[0].accounts[0]',
    /configured account/,
  ],
  ['a client twice', { clients: [client, client], accounts: [account] }, 'clients[1].clientId', /same as/],
  ['a misspelt top key', { acounts: [account] }, 'acounts', /nearest known key is "accounts"/],
  [
    'a misspelt needed key',
    { accounts: [{ appID: account.appId, appSecret }] },
    'accounts[0].appID',
    /nearest known key is "appId"/,
  ],
  [
    'a key in snake case',
    { accounts: [{ ...account, page_origins: [] }] },
    'accounts[0].page_origins',
    /"pageOrigins"/,
  ],
  ['a key on the wrong floor', { port: 80, accounts: [account] }, 'port', /"listen\.port"/],
  [
    'a foreign key',
    { accounts: [account], colour: 'red' },
    'colour',
    /nearest known key.*known here: publicUrl, listen/,
  ],
  [
    'a key of every object',
    JSON.parse(`{"__proto__":{"a":1},"accounts":[${JSON.stringify(account)}]}`),
    '__proto__',
    /not a known key/,
  ],
  [
    'an unknown limit',
    { rateLimits: { signatures: {} }, accounts: [account] },
    'rateLimits.signatures',
    /"signature"/,
  ],
]

const environment = { EMPTY: '', CHAIN: 'env:WX_SECRET', PG: 'postgres://user:pass-from-env@host' }

test.each(table)('%s is one line that names the key', (_, raw, key, says) => {
  const lines = linesOf(() => parseConfig(raw, environment))
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(says)
  expect(lines[0]?.slice(0, key.length + 2)).toBe(`${key}: `)
  expect(lines[0]).not.toMatch(/0123456789abcdef0123456789abcdef|pass-from-env|\n/)
})

test.each([
  ['https://b.example.com/', /without "\/" at the end, .*: "https:\/\/b\.example\.com"$/],
  ['https://b.example.com/a', /without a path/],
  ['https://b.example.com/?a', /without a path/],
  ['https://b.example.com?a', /without "\?" and "#"/],
  ['https://b.example.com#a', /without "\?" and "#"/],
  ['https://user@b.example.com', /remove the user name/],
  ['https://*.example.com', /no wildcards/],
  ['*', /no wildcards/],
  ['b.example.com', /: "https:\/\/b\.example\.com"$/],
  ['//b.example.com', /http:\/\/ or https:\/\//],
  ['ws://b.example.com', /http:\/\/ or https:\/\//],
  ['https:/b.example.com', /http:\/\/ or https:\/\//],
  ['https://', /http:\/\/ or https:\/\//],
  ['https://b.example.com.', /as a browser shows/],
  ['https://ｂ.example.com', /: "https:\/\/b\.example\.com"$/],
  ['https://0x7f.1', /as a browser shows/],
  ['https://b.example.com:', /port from 1 to 65535/],
  ['https://b.example.com:0', /port from 1 to 65535/],
  ['https://b.example.com:65536', /as a browser shows/],
  ['https://b .example.com', /remove spaces/],
  ['https:\\\\b.example.com', /remove spaces/],
  ['https://b.example.com\u0000', /remove spaces/],
  ['', /must be an origin/],
  [null, /must be an origin.*got null/],
  [['https://b.example.com'], /must be an origin.*got a list/],
])('the page origin %j is refused with the way to write it', (origin, says) => {
  const lines = linesOf(() => parseConfig(withOrigin(origin)))
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(atOrigin)
  expect(lines[0]).toMatch(says)
})

test('five mistakes are five lines', () => {
  const raw = {
    publicUrl: 'mem.example.com',
    listen: { port: 'http' },
    acounts: [],
    accounts: [
      { appId: 'wx123', appSecret: 'env:WX_SECRET_OF_MEM', pageOrigins: ['https://h5.example.com/'] },
    ],
  }
  const lines = linesOf(() => parseConfig({ ...raw, acounts: undefined }))
  expect(lines.map((line) => line.split(':', 1)[0]).sort()).toEqual([
    'accounts[0].appId',
    'accounts[0].appSecret',
    'accounts[0].pageOrigins[0]',
    'listen.port',
    'publicUrl',
  ])
  expect(linesOf(() => parseConfig({ ...raw, acounts: [] }))).toHaveLength(6)
})

test('a wrong PORT is one more line', () => {
  const lines = linesOf(() => parseConfig({ publicUrl: 'x', accounts: [account] }, { PORT: '80a' }))
  expect(lines).toEqual([expect.stringMatching(/^publicUrl: /), expect.stringMatching(/^PORT: /)])
})

test('a swapped appId and secret does not print the secret', () => {
  const [line] = linesOf(() => parseConfig({ accounts: [{ appId: appSecret, appSecret: account.appId }] }))
  expect(line).toMatch(/^accounts\[0\]\.appId: must be "wx"/)
  expect(line).not.toContain(appSecret)
})
