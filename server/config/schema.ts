import { z } from 'zod'
import { originProblem, plainAddressProblem, redirectProblem } from './addresses.ts'
import { readDatabase } from './database-target.ts'
import { bytesKeyProblem, rsaKeyProblem } from './key-rules.ts'
import { rule } from './rule-text.ts'
import { list, plainText, seconds, text, wholeNumber } from './rules.ts'
import { clientSecretProblem, secretProblem } from './secrets.ts'
import type { Config } from './types.ts'

const scopes = [
  'sign',
  'identity',
  'token:read',
  'ticket:read',
  'people:read',
  'people:write',
  'people:phone',
  'message:send',
  'account:call',
  'admin',
] as const

const objectError = rule('must be an object', 'write { … }')
const APP_ID = 'must be "wx" followed by 16 characters of 0-9 and a-z'
const HOST = 'must be a host name or an IP address'

const copyAppId = 'copy the AppID from the settings of the account at mp.weixin.qq.com'
const appId = text(
  APP_ID,
  (value) => (/^wx[0-9a-z]{16}$/.test(value) ? undefined : rule(APP_ID, copyAppId)),
  copyAppId,
)
const appSecret = text(
  'must be the AppSecret of the account as a text',
  secretProblem,
  'copy it from the settings of the account at mp.weixin.qq.com, best into an environment variable',
)
const clientSecret = text(
  'must be the secret of the client as a text',
  clientSecretProblem,
  'write "env:NAME", or its hash as "sha256:…"',
)
const rsaKey = text('must be an RSA private key as PEM', rsaKeyProblem, 'write "env:NAME"')
const bytesKey = text('must be 32 random bytes as base64', bytesKeyProblem, 'write "env:NAME"')
const origin = text('must be an origin such as "https://h5.example.com"', originProblem)
const redirect = text('must be an address such as "https://h5.example.com/mp"', redirectProblem)
const address = text('must be an absolute http(s) address', plainAddressProblem)
const host = text(HOST, (value) =>
  /^[A-Za-z0-9._-]+$|^[0-9A-Fa-f:.]+(%\w+)?$/.test(value)
    ? undefined
    : rule(HOST, 'write it without a scheme, a port or brackets, for example "127.0.0.1" or "0.0.0.0"'),
)
const redis = text('must be a redis:// or rediss:// address', (value) =>
  /^rediss?:\/\/\S+$/.test(value) && URL.canParse(value)
    ? undefined
    : rule('must be a redis:// or rediss:// address'),
)
const PREFIX = 'must be 1 to 64 characters of A-Z, a-z, 0-9, :, ., _ and -'
const redisPrefix = text(PREFIX, (value) =>
  /^[A-Za-z0-9:._-]{1,64}$/.test(value) ? undefined : rule(PREFIX, 'leave it out for "wx-h5:"'),
)
const cardId = text('must be a card id', (value) =>
  /^[A-Za-z0-9_-]{1,64}$/.test(value)
    ? undefined
    : rule('must be a card id: 1 to 64 characters of A-Z, a-z, 0-9, _ and -'),
)

const verifyFiles = z.record(
  z.string(),
  z.string({ error: rule('must be the content of the file as a text') }),
  {
    error: rule('must be an object of file names and contents', 'write { "MP_verify_….txt": "…" }'),
  },
)

const rateLimit = (points: number) =>
  z
    .strictObject(
      {
        points: wholeNumber(0, Number.MAX_SAFE_INTEGER, points).prefault(points),
        perSeconds: wholeNumber(1, 86_400, 60).prefault(60),
      },
      { error: objectError },
    )
    .prefault({})

const listenShape = {
  host: host.prefault('127.0.0.1'),
  port: wholeNumber(0, 65_535, 8787).prefault(8787),
  maxConnections: wholeNumber(1, 1_000_000, 20_000).prefault(20_000),
  drainSeconds: seconds(600, 1).prefault(1),
}

const wechatShape = {
  apiHosts: z
    .array(origin, {
      error: rule('must be a list of origins', 'write for example ["https://api.weixin.qq.com"]'),
    })
    .min(1, { error: rule('must name at least one host', 'leave the key out to use WeChat itself') })
    .prefault(['https://api.weixin.qq.com', 'https://api2.weixin.qq.com']),
  authorizeUrl: address.prefault('https://open.weixin.qq.com/connect/oauth2/authorize'),
}

const accountShape = {
  appId,
  appSecret,
  name: plainText('must be a name').exactOptional(),
  portIds: list(wholeNumber(0, Number.MAX_SAFE_INTEGER, 4), '[4]'),
  tokenApi: z
    .enum(['stable', 'classic'], {
      error: rule('must be "stable" or "classic"', 'leave it out for "stable"'),
    })
    .prefault('stable'),
  pageOrigins: list(origin, '["https://h5.example.com"]'),
  redirects: list(redirect, '["https://h5.example.com"]'),
  publicCards: list(cardId, '["p…"]'),
  verifyFiles: verifyFiles.prefault({}),
}

const clientShape = {
  clientId: plainText('must be the id of the client'),
  clientSecret,
  previousClientSecret: clientSecret.exactOptional(),
  applicationKey: plainText('must be a text').exactOptional(),
  scopes: list(
    z.enum(scopes, { error: rule(`must be one of ${scopes.join(', ')}`) }),
    '["sign", "identity"]',
  ),
  accounts: list(appId, '["wx…"]'),
}

const rateLimitsShape = { signature: rateLimit(600), authInfo: rateLimit(60), accessToken: rateLimit(30) }

const keysShape = {
  file: plainText('must be the path of a file', 4_096).prefault('.data/keys.json'),
  ssoToken: list(rsaKey, '["env:SSO_TOKEN_KEY"]'),
  phone: list(bytesKey, '["env:PHONE_KEY"]'),
  phoneIndex: bytesKey.exactOptional(),
}

const rootShape = {
  publicUrl: address.transform((value) => value.replace(/\/+$/, '')).exactOptional(),
  listen: z.strictObject(listenShape, { error: objectError }).prefault({}),
  trustedProxies: wholeNumber(0, 100, 1).prefault(0),
  database: z.unknown().transform(readDatabase).prefault('sqlite:.data/wx-h5.db'),
  redis: redis.exactOptional(),
  redisPrefix: redisPrefix.prefault('wx-h5:'),
  wechat: z.strictObject(wechatShape, { error: objectError }).prefault({}),
  accounts: z
    .array(z.strictObject(accountShape, { error: objectError }), {
      error: rule(
        'must be a list of accounts',
        'write [{ "appId": "wx…", "appSecret": "env:WX_SECRET", "pageOrigins": ["https://…"] }]',
      ),
    })
    .min(1, {
      error: rule('must hold at least one account', 'add one with "appId", "appSecret" and "pageOrigins"'),
    }),
  rateLimits: z.strictObject(rateLimitsShape, { error: objectError }).prefault({}),
  stateCookie: z
    .enum(['required', 'preferred'], {
      error: rule('must be "required" or "preferred"', 'leave it out for "required"'),
    })
    .prefault('required'),
  clients: list(z.strictObject(clientShape, { error: objectError }), '[]'),
  keys: z.strictObject(keysShape, { error: objectError }).prefault({}),
}

/** The one schema of the configuration; messages are packed by `rule`. */
export const configSchema: z.ZodType<Config> = z.strictObject(rootShape, { error: objectError })

const limitKeys = ['points', 'perSeconds']

/** Known keys of every object in the configuration, by key path with list positions left out. */
export const knownKeys: ReadonlyMap<string, readonly string[]> = new Map([
  ['', Object.keys(rootShape)],
  ['listen', Object.keys(listenShape)],
  ['wechat', Object.keys(wechatShape)],
  ['accounts[]', Object.keys(accountShape)],
  ['rateLimits', Object.keys(rateLimitsShape)],
  ...Object.keys(rateLimitsShape).map((name): [string, string[]] => [`rateLimits.${name}`, limitKeys]),
  ['clients[]', Object.keys(clientShape)],
  ['keys', Object.keys(keysShape)],
])
