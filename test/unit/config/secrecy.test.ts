import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ConfigError } from '../../../server/config/config-error.ts'
import { loadConfig, parseConfig } from '../../../server/config/load.ts'
import { linesOf } from './lines-of.ts'

// Long enough that it cannot be a word of a message by chance.
const secrets = fc.oneof(
  fc
    .string({ minLength: 12, maxLength: 40 })
    .filter((text) => text.trim().length >= 12 && !/["\\]/.test(text)),
  fc.stringMatching(/^[0-9a-f]{32}$/),
  fc.stringMatching(/^[a-z]{6}-[a-z]{6}$/),
)

// A secret lands in any place: as it is, inside another text, as a key, as a list.
const places: Array<(secret: string) => unknown> = [
  (secret) => ({ publicUrl: secret }),
  (secret) => ({ publicUrl: `https://user:${secret}@h5.example.com/?a` }),
  (secret) => ({ listen: { host: secret, port: secret } }),
  (secret) => ({ database: `postgres://u:${secret}@h/d`, redis: secret }),
  (secret) => ({ [secret]: 1 }),
  (secret) => ({ wechat: { apiHosts: [secret, `https://${secret}/`], [secret]: {} } }),
  (secret) => ({ rateLimits: { signature: { points: secret } } }),
  (secret) => ({ keys: { ssoToken: [secret], phone: [secret], phoneIndex: secret, [secret]: 1 } }),
  (secret) => ({ keys: { file: [secret], ssoToken: secret, phone: { [secret]: secret } } }),
  (secret) => ({ clients: [{ clientId: 'a', clientSecret: 'b', previousClientSecret: ` ${secret}` }] }),
  (secret) => ({ clients: [{ clientId: ' ', clientSecret: secret, scopes: [secret], accounts: [secret] }] }),
]

test('no line ever contains the secret, wherever it is written', () => {
  fc.assert(
    fc.property(
      secrets,
      fc.integer({ min: 0, max: places.length - 1 }),
      fc.boolean(),
      (secret, index, fromEnv) => {
        const account = {
          appId: secret,
          appSecret: fromEnv ? 'env:WX_SECRET' : secret,
          name: 7,
          pageOrigins: [secret, `https://h5.example.com/${secret}`, `https://${secret}.example.com/`],
          redirects: [`https://h5.example.com/../${secret}`],
          publicCards: [`${secret} `],
          verifyFiles: { [secret]: 1, [`${secret}.txt`]: secret },
        }
        const extra = Object(places[index]?.(secret))
        const lines = linesOf(() =>
          parseConfig({ ...extra, accounts: [account, account] }, { WX_SECRET: secret }),
        )
        expect(
          lines.filter((line) => line.includes(secret) || line.includes(JSON.stringify(secret).slice(1, -1))),
        ).toEqual([])
        expect(lines.filter((line) => /\p{Cc}/u.test(line))).toEqual([])
      },
    ),
    { numRuns: 300 },
  )
})

test('a secret in the environment alone is not printed when other variables repeat it', () => {
  fc.assert(
    fc.property(secrets, (secret) => {
      const env = {
        WX_APP_ID: secret,
        WX_APP_SECRET: secret,
        WX_PAGE_ORIGINS: `https://${secret}/`,
        WX_PUBLIC_URL: secret,
      }
      const lines = linesOf(() => loadConfig({ env, readFile: () => '' }))
      expect(lines.join('\n')).not.toContain(secret)
    }),
  )
})

test('a file that is not JSON is not repeated', () => {
  fc.assert(
    fc.property(secrets, fc.integer({ min: 0, max: 200 }), (secret, cut) => {
      const text = JSON.stringify({ accounts: [{ appSecret: secret, name: secret }] }).slice(0, cut)
      fc.pre(cut < 30 + secret.length)
      const lines = linesOf(() => loadConfig({ file: 'wx-h5.json', env: {}, readFile: () => text }))
      expect(lines).toHaveLength(1)
      expect(lines[0]).not.toContain(secret)
    }),
  )
})

test('any JSON at all is either a configuration or a ConfigError, with one line per key', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (raw, inner) => {
      for (const value of [raw, { accounts: inner }, { accounts: [inner], listen: raw, wechat: inner }]) {
        try {
          parseConfig(value, {})
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError)
          const keys = error instanceof ConfigError ? error.problems.map(({ key }) => key) : []
          expect(new Set(keys).size).toBe(keys.length)
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('values from the environment are not repeated even when they are harmless', () => {
  const [line] = linesOf(() =>
    parseConfig(
      { publicUrl: 'env:URL', accounts: [{ appId: 'wx0123456789abcdef', appSecret: 'a-real-secret' }] },
      { URL: 'mem.example.com' },
    ),
  )
  expect(line).toMatch(/^publicUrl: must be an absolute/)
  expect(line).not.toContain('mem.example.com"; write')
  expect(line).not.toContain('https://mem.example.com"')
})
