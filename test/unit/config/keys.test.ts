import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { parseConfig } from '../../../server/config/load.ts'
import { linesOf } from './lines-of.ts'

const account = { appId: 'wx0123456789abcdef', appSecret: '0123456789abcdef0123456789abcdef' }
const HASH = 'a'.repeat(63)
const pem = (modulusLength: number, type: 'rsa' | 'rsa-pss' = 'rsa') =>
  generateKeyPairSync(type as 'rsa', { modulusLength })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()
const good = pem(2_048)
const other = pem(2_048)
const [one, two] = [Buffer.alloc(32, 1).toString('base64'), Buffer.alloc(32, 2).toString('base64')]
const keysOf = (keys: unknown, env = {}) => parseConfig({ accounts: [account], keys }, env).keys

test('every kind of key is accepted, also from the environment', () => {
  expect(
    keysOf(
      { file: '/var/keys.json', ssoToken: [good, 'env:OLD'], phone: [one], phoneIndex: two },
      { OLD: other },
    ),
  ).toEqual({ file: '/var/keys.json', ssoToken: [good, other], phone: [one], phoneIndex: two })
  expect(
    keysOf({ ssoToken: 'env:PEMS', phone: 'env:PHONE' }, { PEMS: good, PHONE: `${one},${two}` }),
  ).toMatchObject({
    ssoToken: [good.trim()],
    phone: [one, two],
  })
})

test('a PEM on one line with \\n in place of line breaks is accepted', () => {
  expect(keysOf({ ssoToken: [good.replaceAll('\n', '\\n')] }).ssoToken).toHaveLength(1)
})

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
})
const locked = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'p' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})

test.each<[string, object, string, RegExp]>([
  [
    'an RSA key of 1024 bits',
    { ssoToken: [pem(1_024)] },
    'keys.ssoToken[0]',
    /it has 1024 bits.*openssl genpkey/,
  ],
  ['an RSA-PSS key', { ssoToken: [pem(2_048, 'rsa-pss')] }, 'keys.ssoToken[0]', /another kind/],
  ['an EC key', { ssoToken: [ec] }, 'keys.ssoToken[0]', /another kind/],
  ['a public key', { ssoToken: [locked.publicKey] }, 'keys.ssoToken[0]', /cannot be read/],
  [
    'a key behind a passphrase',
    { ssoToken: [locked.privateKey] },
    'keys.ssoToken[0]',
    /without a passphrase/,
  ],
  ['half a PEM', { ssoToken: [good, good.slice(0, 400)] }, 'keys.ssoToken[1]', /cannot be read/],
  ['a key that is not in a list', { ssoToken: good }, 'keys.ssoToken', /must be a list/],
  ['a key that is a number', { ssoToken: [123456] }, 'keys.ssoToken[0]', /as PEM; write "env:NAME"/],
  ['the same key twice', { ssoToken: [good, good] }, 'keys.ssoToken[1]', /same as keys\.ssoToken\[0\]; give/],
  [
    '31 bytes',
    { phone: [Buffer.alloc(31, 7).toString('base64')] },
    'keys.phone[0]',
    /32 random bytes.*openssl rand/,
  ],
  ['base64url', { phone: [Buffer.alloc(32, 255).toString('base64url')] }, 'keys.phone[0]', /32 random bytes/],
  ['hexadecimal digits', { phoneIndex: 'ab'.repeat(32) }, 'keys.phoneIndex', /32 random bytes/],
  ['one key for two purposes', { phone: [one], phoneIndex: one }, 'keys.phoneIndex', /key of its own/],
  ['an empty path', { file: '' }, 'keys.file', /path of a file/],
  ['a misspelt key', { ssoTokens: [] }, 'keys.ssoTokens', /nearest known key is "ssoToken"/],
])('%s is one line that names the key and nothing of it', (_, keys, key, says) => {
  const lines = linesOf(() => keysOf(keys))
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(says)
  expect(lines[0]?.slice(0, key.length + 2)).toBe(`${key}: `)
  for (const given of Object.values(keys)
    .flat()
    .map(String)
    .filter((text) => text.length > 5)) {
    expect(lines[0]).not.toContain(given.slice(30, 60) || given)
  }
})

test.each([
  [{ clientSecret: `sha256:${HASH}b` }],
  [{ clientSecret: `sha256:${HASH.toUpperCase()}B`, previousClientSecret: 'old-secret' }],
  [{ clientSecret: 'new-secret', previousClientSecret: `sha256:${HASH}0` }],
])('the secrets of a client %j are accepted', (secrets) => {
  const client = { clientId: 'crm', ...secrets }
  expect(parseConfig({ accounts: [account], clients: [client] }).clients[0]).toMatchObject(secrets)
})

test.each([
  [{ clientSecret: `sha256:${HASH}` }, 'clientSecret', /64 hexadecimal digits/],
  [{ clientSecret: `sha256:${HASH}g` }, 'clientSecret', /sha256sum/],
  [{ clientSecret: 'new-secret', previousClientSecret: '' }, 'previousClientSecret', /empty/],
  [{ clientSecret: 'new-secret', previousClientSecret: 'changeme' }, 'previousClientSecret', /sample/],
])('the secrets of a client %j are one line without them', (secrets, key, says) => {
  const [line, ...more] = linesOf(() =>
    parseConfig({ accounts: [account], clients: [{ clientId: 'crm', ...secrets }] }),
  )
  expect(more).toEqual([])
  expect(line).toMatch(says)
  expect(line?.startsWith(`clients[0].${key}: `)).toBe(true)
  expect(line).not.toContain('aaaa')
})
