import { generateKeyPairSync, sign } from 'node:crypto'
import fc from 'fast-check'
import { CompactEncrypt, FlattenedSign, GeneralSign } from 'jose'
import { expect, test } from 'vitest'
import { verifyToken } from '../../../server/access/verify-token.ts'
import { isServiceError } from '../../../server/errors.ts'
import {
  base64url,
  claims,
  current,
  foreign,
  forge,
  genuine,
  headed,
  header,
  hs,
  NOW_S,
  parts,
  payload,
  previous,
  ps,
  rs,
} from './forge.ts'

const token = await genuine()
const [head = '', body = '', signature = ''] = token.split('.')
const spki = current.publicKey.export({ type: 'spki', format: 'pem' }).toString()
const der = current.publicKey.export({ type: 'spki', format: 'der' })
const pkcs1 = current.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()
const jwk = current.publicKey.export({ format: 'jwk' })
const foreignJwk = foreign.publicKey.export({ format: 'jwk' })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const withForeign = rs(foreign.privateKey)

const publicKeyAs: Record<string, string | Buffer> = {
  'the PEM': spki,
  'the PEM without its last line break': spki.trim(),
  'the PKCS#1 PEM': pkcs1,
  'the DER': der,
  'the bare base64': der.toString('base64'),
  'the JWK': JSON.stringify(jwk),
  'the modulus': Buffer.from(jwk.n ?? '', 'base64url'),
  'the text of the modulus': jwk.n ?? '',
  'the kid': current.kid,
  nothing: '',
}
const sizes = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' }

const forged: Record<string, string> = {
  ...Object.fromEntries(
    [
      'none',
      'None',
      'NONE',
      'nOnE',
      'noNe',
      '',
      ' ',
      'none ',
      'RS256 ',
      'rs256',
      'Rs256',
      null,
      0,
      true,
      ['RS256'],
    ].flatMap((alg) => [
      [
        `alg ${JSON.stringify(alg)} without a signature`,
        `${base64url(JSON.stringify({ ...header, alg }))}.${body}.`,
      ],
      [`alg ${JSON.stringify(alg)} with our signature`, headed({ alg })],
    ]),
  ),
  'no alg': headed({ alg: undefined }),
  ...Object.fromEntries(
    Object.entries(publicKeyAs).flatMap(([name, secret]) =>
      Object.entries(sizes).map(([alg, hash]) => [
        `${alg} keyed with ${name}`,
        headed({ alg }, hs(secret, hash)),
      ]),
    ),
  ),
  'RS256 in the header over an HMAC with the PEM': forge({ signer: hs(spki) }),
  'RS384 by our key': headed({ alg: 'RS384' }, rs(current.privateKey, 'sha384')),
  'RS512 by our key': headed({ alg: 'RS512' }, rs(current.privateKey, 'sha512')),
  'RS1 by our key': headed({ alg: 'RS1' }, rs(current.privateKey, 'sha1')),
  'PS256 by our key': headed({ alg: 'PS256' }, ps(current.privateKey)),
  'RS256 in the header over a PSS signature': forge({ signer: ps(current.privateKey) }),
  'RS256 in the header over a SHA-512 signature': forge({ signer: rs(current.privateKey, 'sha512') }),
  'ES256 by a foreign key': headed({ alg: 'ES256' }, (input) =>
    sign('sha256', Buffer.from(input), { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }),
  ),
  'EdDSA by nobody': headed({ alg: 'EdDSA' }, () => Buffer.alloc(64)),
  'a foreign key': forge({ signer: withForeign }),
  'a foreign key with its own kid': headed({ kid: foreign.kid }, withForeign),
  'an embedded foreign jwk': headed({ jwk: foreignJwk }, withForeign),
  'an embedded jwk of ours': headed({ jwk }),
  jku: headed({ jku: 'https://evil.example/jwks.json' }, withForeign),
  'jku with our signature': headed({ jku: 'https://mem.example.com/.well-known/jwks.json' }),
  x5u: headed({ x5u: 'https://evil.example/x.pem' }, withForeign),
  x5c: headed({ x5c: [der.toString('base64')] }, withForeign),
  'x5c with our signature': headed({ x5c: [] }),
  x5t: headed({ x5t: 'AAAA' }),
  'an unknown kid': headed({ kid: 'nobody' }),
  'a kid that is a path': headed({ kid: '../../../../dev/null' }, hs('')),
  'a kid that is SQL': headed({ kid: "' UNION SELECT 'a' --" }),
  'a kid that every object has': headed({ kid: '__proto__' }),
  'a kid that is an array method': headed({ kid: 'constructor' }),
  'a kid that is an index': headed({ kid: '0' }),
  'a kid that is a number': headed({ kid: 0 }),
  'a kid that is null': headed({ kid: null }),
  'a kid in a list': headed({ kid: [current.kid] }),
  'a kid in upper case': headed({ kid: current.kid.toUpperCase() }),
  'the kid of our other key': headed({ kid: previous.kid }),
  'no kid, but the previous key': headed({ kid: '' }, rs(previous.privateKey)),
  'an unknown crit': headed({ crit: ['exp'] }),
  'crit of b64': headed({ crit: ['b64'], b64: true }),
  'an empty crit': headed({ crit: [] }),
  'b64 false': headed({ b64: false }),
  zip: headed({ zip: 'DEF' }),
  cty: headed({ cty: 'JWT' }),
  'a typ of access tokens': headed({ typ: 'at+jwt' }),
  'a typ that is no text': headed({ typ: ['JWT'] }),
  'a header that is a list': forge({ header: ['RS256'] }),
  'a header that is null': forge({ header: 'null' }),
  'a header that is a text': forge({ header: '"RS256"' }),
  'a header that is no JSON': forge({ header: '{alg:RS256}' }),
  'alg twice': forge({ header: `{"alg":"none","kid":"${current.kid}","alg":"RS256"}` }),
  'alg twice, once escaped': forge({ header: `{"\\u0061lg":"none","kid":"${current.kid}","alg":"RS256"}` }),
  'a byte order mark before the header': forge({ header: `\ufeff${JSON.stringify(header)}` }),
  'another client in the payload': `${head}.${base64url(JSON.stringify({ ...payload, userName: 'shop' }))}.${signature}`,
  'another signature': `${head}.${body}.${base64url(Buffer.alloc(256, 7))}`,
  'a signature of zeros': `${head}.${body}.${base64url(Buffer.alloc(256))}`,
  'a short signature': `${head}.${body}.${base64url(Buffer.alloc(8))}`,
  'header and payload exchanged': `${body}.${head}.${signature}`,
  'no exp': claims({ exp: undefined }),
  'exp null': claims({ exp: null }),
  'exp as a text': claims({ exp: String(payload.exp) }),
  'exp with a fraction': claims({ exp: NOW_S + 100.5 }),
  'exp in milliseconds': claims({ exp: (NOW_S + 7_200) * 1_000 }),
  'exp in a list': claims({ exp: [payload.exp] }),
  'exp beyond all numbers': forge({ payload: JSON.stringify(payload).replace(/"exp":\d+/, '"exp":1e999') }),
  'exp negative': claims({ exp: -1 }),
  'one second too long a life': claims({ exp: NOW_S + 7_201 }),
  'exp before iat': claims({ exp: NOW_S - 20, iat: NOW_S }),
  'no iat': claims({ iat: undefined }),
  'iat as a text': claims({ iat: String(NOW_S) }),
  'iat with a fraction': claims({ iat: NOW_S - 0.5 }),
  'iat in the future': claims({ iat: NOW_S + 61 }),
  'iat in the future, nbf not': claims({ iat: NOW_S + 61, nbf: NOW_S - 5 }),
  'iat far in the future': claims({ iat: NOW_S + 86_400, exp: NOW_S + 90_000 }),
  'nbf in the future': claims({ nbf: NOW_S + 61 }),
  'nbf as a text': claims({ nbf: String(NOW_S) }),
  'nbf null': claims({ nbf: null }),
  'no iss': claims({ iss: undefined }),
  'a foreign iss': claims({ iss: 'cms' }),
  'iss with a slash more': claims({ iss: `${parts.issuer}/` }),
  'iss in a list': claims({ iss: [parts.issuer] }),
  'no userName': claims({ userName: undefined }),
  'an unknown client': claims({ userName: 'nobody' }),
  'a client that every object has': claims({ userName: 'constructor', applicationKey: undefined }),
  'userName in another case': claims({ userName: 'CRM' }),
  'userName in a list': claims({ userName: ['crm'] }),
  'no applicationKey': claims({ applicationKey: undefined }),
  'the applicationKey of nobody': claims({ applicationKey: 'other' }),
  'an applicationKey for a client without one': claims({ userName: 'shop' }),
  'an applicationKey that is null': claims({ userName: 'shop', applicationKey: null }),
  'no grantType': claims({ grantType: undefined }),
  'another grantType': claims({ grantType: 'authorizationCode' }),
  'grantType as the form writes it': claims({ grantType: 'client_credentials' }),
  'no purpose': claims({ use: undefined }),
  'the purpose of an OAuth result': claims({ use: 'oauth' }),
  'a jti that is no text': claims({ jti: 7 }),
  'exp twice': forge({ payload: `${JSON.stringify(payload).slice(0, -1)},"exp":${payload.exp}}` }),
  'userName twice': forge({ payload: `{"userName":"shop",${JSON.stringify(payload).slice(1)}` }),
  'a payload that is a list': forge({ payload: [payload] }),
  'a payload that is null': forge({ payload: 'null' }),
  'a payload that is no JSON': forge({ payload: 'exp=1' }),
  'a payload that is not UTF-8': forge({ bytes: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) }),
  'a right payload that is not UTF-8': forge({
    bytes: Buffer.from(JSON.stringify({ ...payload, jti: '\u00ff' }), 'latin1'),
  }),
  'an empty payload': forge({ payload: '' }),
  'our OAuth result ticket': forge({
    header: { alg: 'RS256', kid: current.kid },
    payload: {
      iss: parts.issuer,
      aud: 'https://h5.example.com',
      openid: 'o6_bmjrPTlm6_2sgVt7hMZOPfL2M',
      exp: NOW_S + 60,
      iat: NOW_S,
    },
  }),
  'padding after every part': token
    .split('.')
    .map((part) => `${part}=`)
    .join('.'),
  'padding after the signature': `${token}=`,
  'padding after the signature, twice': `${token}==`,
  'a space before': ` ${token}`,
  'a space after': `${token} `,
  'a line break after': `${token}\n`,
  'a carriage return before': `\r\n${token}`,
  'a tab inside': `${head}.\t${body}.${signature}`,
  'a no-break space after': `${token}\u00a0`,
  'a byte order mark before': `\ufeff${token}`,
  'a zero byte after': `${token}\0`,
  'a fourth part': `${token}.`,
  'a fourth part with text': `${token}.AAAA`,
  'a dot before': `.${token}`,
  'two parts': `${head}.${body}`,
  'one part': head,
  'two dots': '..',
  nothing: '',
  'the scheme inside': `Bearer ${token}`,
  'quotes around it': `"${token}"`,
  'two tokens': `${token},${token}`,
  'the other base64 alphabet': [head, body, Buffer.from(signature, 'base64url').toString('base64')].join('.'),
  'a letter more in the signature': `${token}A`,
  'a last letter with other unused bits': withOtherUnusedBits(token),
  'full-width letters': token.replace(/[A-Z]/g, (letter) =>
    String.fromCharCode(letter.charCodeAt(0) + 0xfee0),
  ),
  'a huge payload': claims({ jti: 'x'.repeat(5_000) }),
  'a huge text': 'A'.repeat(1_000_000),
  'a million dots': '.'.repeat(1_000_000),
  'a deep payload': forge({ payload: `${'['.repeat(1_500)}${']'.repeat(1_500)}` }),
}

test('the table holds forgeries, not one token that was signed right', () => {
  expect(Object.keys(forged).length).toBeGreaterThan(150)
  expect(Object.values(forged)).not.toContain(token)
})

test.each(Object.entries(forged))('%s is refused', async (_, text) => {
  await expect(verifyToken(text, parts)).rejects.toMatchObject({ code: 'unauthorized', status: 401 })
})

test('JWS in JSON and encrypted tokens are refused', async () => {
  const bytes = new TextEncoder().encode(JSON.stringify(payload))
  const flat = await new FlattenedSign(bytes).setProtectedHeader(header).sign(current.privateKey)
  const general = await new GeneralSign(bytes)
    .addSignature(current.privateKey)
    .setProtectedHeader(header)
    .sign()
  const encrypted = await new CompactEncrypt(bytes)
    .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: current.kid })
    .encrypt(current.publicKey)
  const nested = await new CompactEncrypt(new TextEncoder().encode(token))
    .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT' })
    .encrypt(current.publicKey)
  for (const text of [JSON.stringify(flat), JSON.stringify(general), encrypted, nested]) {
    await expect(verifyToken(text, parts)).rejects.toMatchObject({ code: 'unauthorized' })
  }
})

test('no refusal says what was wrong, nor repeats anything of the token', async () => {
  const texts = new Set<string>()
  for (const text of Object.values(forged)) {
    await verifyToken(text, parts).catch((error: unknown) => {
      if (isServiceError(error)) texts.add(`${error.message} ${error.hint}`)
    })
  }
  expect([...texts]).toEqual([expect.stringContaining('not one of this service')])
})

test('changing any one character of a token makes it worthless', async () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=. '
  await fc.assert(
    fc.asyncProperty(fc.nat(token.length - 1), fc.constantFrom(...alphabet), async (at, letter) => {
      fc.pre(token[at] !== letter)
      const changed = token.slice(0, at) + letter + token.slice(at + 1)
      await expect(verifyToken(changed, parts)).rejects.toMatchObject({ code: 'unauthorized' })
    }),
    { numRuns: 500 },
  )
})

test('no text at all is a token, and none is anything but unauthorized', async () => {
  const part = fc.oneof(
    fc.base64String(),
    fc.json().map(base64url),
    fc.string(),
    fc.constantFrom(head, body, signature),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 5 }), async (all) => {
      fc.pre(all.join('.') !== token)
      await expect(verifyToken(all.join('.'), parts)).rejects.toMatchObject({ code: 'unauthorized' })
    }),
    { numRuns: 500 },
  )
})

test('no claims but fitting ones are accepted, whatever their types', async () => {
  const name = fc.constantFrom('iss', 'userName', 'applicationKey', 'grantType', 'use', 'exp', 'iat')
  await fc.assert(
    fc.asyncProperty(name, fc.jsonValue(), async (claim, value) => {
      fc.pre(value !== Reflect.get(payload, claim))
      fc.pre(!(typeof value === 'number' && Number.isInteger(value) && value > 1_700_000_000))
      await expect(verifyToken(claims({ [claim]: value }), parts)).rejects.toMatchObject({ status: 401 })
    }),
    { numRuns: 300 },
  )
})

function withOtherUnusedBits(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(text.at(-1) ?? '')
  const other = text.slice(0, -1) + alphabet[last ^ 1]
  const bytes = (of: string) => Buffer.from(of.split('.')[2] ?? '', 'base64url').toString('hex')
  expect(bytes(other)).toBe(bytes(text))
  return other
}
