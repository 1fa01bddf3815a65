import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { expect, test } from 'vitest'
import { publicKeySet } from '../../../server/access/keys.ts'
import { verifyToken } from '../../../server/access/verify-token.ts'
import { claims, current, forge, genuine, headed, NOW, NOW_S, parts, payload, previous, rs } from './forge.ts'

const at = (seconds: number) => ({ ...parts, clock: { now: () => NOW + seconds * 1_000 } })

test('a token is what the seed describes, with our own key, a life of 7200 s and its purpose', async () => {
  const token = await genuine()
  expect(decodeProtectedHeader(token)).toEqual({ kid: current.kid, typ: 'JWT', alg: 'RS256' })
  expect(decodeJwt(token)).toEqual(payload)
  expect(Object.keys(decodeJwt(token)).slice(0, 6)).toEqual([
    'applicationKey',
    'iss',
    'userName',
    'grantType',
    'exp',
    'iat',
  ])
})

test('a token names its client', async () => {
  expect((await verifyToken(await genuine('crm'), parts)).clientId).toBe('crm')
  expect((await verifyToken(await genuine('shop'), parts)).clientId).toBe('shop')
})

test.each([
  ['an empty kid', headed({ kid: '' })],
  ['no kid', headed({ kid: undefined })],
  ['no typ', headed({ typ: undefined })],
  ['another order of the header', forge({ header: { alg: 'RS256', typ: 'JWT', kid: '' } })],
  ['JSON with spaces', forge({ header: '{"kid": "", "typ": "JWT", "alg": "RS256"}' })],
  ['the previous key by its kid', headed({ kid: previous.kid }, rs(previous.privateKey))],
  ['no jti', claims({ jti: undefined })],
  ['nbf in the past', claims({ nbf: NOW_S - 5 })],
  ['nbf just ahead of our clock', claims({ nbf: NOW_S + 30 })],
  ['a shorter life', claims({ exp: NOW_S + 60 })],
  ['an audience we do not use', claims({ aud: 'anybody', '"{': ['}', { ':': 1 }] })],
])('a token with %s is accepted', async (_, token) => {
  expect((await verifyToken(token, parts)).clientId).toBe('crm')
})

test('a token ends after two hours and 30 s for clocks that differ', async () => {
  const token = await genuine()
  expect((await verifyToken(token, at(7_229))).clientId).toBe('crm')
  await expect(verifyToken(token, at(7_230))).rejects.toMatchObject({ code: 'token_expired', status: 401 })
  await expect(verifyToken(token, at(86_400))).rejects.toMatchObject({ code: 'token_expired' })
})

test('a token from a replica whose clock is ahead is accepted up to 30 s', async () => {
  const token = await genuine()
  expect((await verifyToken(token, at(-30))).clientId).toBe('crm')
  await expect(verifyToken(token, at(-31))).rejects.toMatchObject({ code: 'unauthorized' })
})

test('what is expired and wrong besides is not called expired', async () => {
  const stale = { exp: NOW_S - 100, iat: NOW_S - 7_300 }
  await expect(verifyToken(claims(stale), parts)).rejects.toMatchObject({ code: 'token_expired' })
  await expect(verifyToken(claims({ ...stale, userName: 'x' }), parts)).rejects.toMatchObject({
    code: 'unauthorized',
  })
})

test('a client that was removed is no client any more', async () => {
  const without = { ...parts, clients: { find: () => undefined } }
  await expect(verifyToken(await genuine(), without)).rejects.toMatchObject({ code: 'unauthorized' })
})

test('after a rotation both keys verify, and after the next one the first does not', async () => {
  const token = headed({ kid: previous.kid }, rs(previous.privateKey))
  expect((await verifyToken(token, { ...parts, keys: [current, previous] })).clientId).toBe('crm')
  await expect(verifyToken(token, { ...parts, keys: [current] })).rejects.toMatchObject({
    code: 'unauthorized',
  })
})

test('the published keys hold nothing private and verify our tokens for anybody', async () => {
  const { keys } = publicKeySet(parts.keys)
  expect(keys).toHaveLength(2)
  for (const key of keys) expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
  const set = createLocalJWKSet({ keys: keys.map((key) => ({ kty: 'RSA', ...key })) })
  const { payload: claimed } = await jwtVerify(await genuine(), set, { currentDate: new Date(NOW) })
  expect(claimed.userName).toBe('crm')
})
