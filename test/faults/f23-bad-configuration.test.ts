import { chmod, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { fault } from '../support/fault.ts'
import { startServiceProcess, temporaryFolder } from '../support/processes.ts'
import { account } from '../support/service.ts'

const SECRET = 'c0ffee00c0ffee00c0ffee00c0ffee00'
const good = { ...account, appSecret: SECRET }
const { appSecret: _, ...withoutSecret } = good
const client = { clientId: 'crm', clientSecret: `wxs_${SECRET}`, scopes: ['sign'] }

/** What stands in the file, and the key that the one line begins with. */
const mistakes: [string, object, string][] = [
  ['no secret', { accounts: [withoutSecret] }, 'accounts[0].appSecret'],
  [
    'a secret from a variable that is not set',
    { accounts: [{ ...good, appSecret: 'env:WX_NOT_SET' }] },
    'accounts[0].appSecret',
  ],
  [
    'the secret of an example',
    { accounts: [{ ...good, appSecret: 'your-app-secret' }] },
    'accounts[0].appSecret',
  ],
  [
    'an origin without scheme',
    { accounts: [{ ...good, pageOrigins: ['h5.example.com'] }] },
    'accounts[0].pageOrigins[0]',
  ],
  [
    'an origin with a wildcard',
    { accounts: [{ ...good, pageOrigins: ['https://*.example.com'] }] },
    'accounts[0].pageOrigins[0]',
  ],
  [
    'a redirect with a user name',
    { accounts: [{ ...good, redirects: ['https://h5.example.com@evil.example'] }] },
    'accounts[0].redirects[0]',
  ],
  ['a publicUrl without host', { publicUrl: '/mp', accounts: [good] }, 'publicUrl'],
  ['a key that does not exist', { ratelimits: {}, accounts: [good] }, 'ratelimits'],
  ['the same account twice', { accounts: [good, good] }, 'accounts[1].appId'],
  [
    'a client of an account that is not there',
    { accounts: [good], clients: [{ ...client, accounts: ['wxeeeeeeeeeeeeeeee'] }] },
    'clients[0].accounts[0]',
  ],
  ['a weak key', { accounts: [good], keys: { phone: [SECRET] } }, 'keys.phone[0]'],
  ['a database of another kind', { accounts: [good], database: `mysql://root:${SECRET}@db/wx` }, 'database'],
]

interface Refused {
  readonly code: number
  readonly lines: readonly string[]
}

/** Starts the service, which must not come up. */
async function refusedStart(config: object, folder?: string): Promise<Refused> {
  const failure = await startServiceProcess(config, folder).then(
    () => new Error('It started.'),
    (error: Error) => error,
  )
  const [first = '', ...lines] = failure.message.trim().split('\n')
  return { code: Number(/ended with (\d+)/.exec(first)?.[1]), lines }
}

fault(
  'F23',
  {
    injected: `${mistakes.length} mistakes in the configuration, one at a time`,
    expected: 'start refused: exit code 2, one line that begins with the key, no secret in it',
  },
  async (see) => {
    for (const [name, config, key] of mistakes) {
      const { code, lines } = await refusedStart(config)
      expect(lines, name).toEqual([expect.stringMatching(/^\S+: \S.{10,}/)])
      expect(lines[0], name).toContain(key)
      expect(lines.join(), name).not.toContain(SECRET)
      expect(code, name).toBe(2)
    }
    see(`${mistakes.length} starts refused with 2 and one line each`)
  },
)

fault(
  'F23',
  {
    injected: 'a port that is taken, a database that is a folder, a key file that everybody may read',
    expected: 'start refused: exit code 1, one line that names the place and the key to change',
  },
  async (see) => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const folder = await temporaryFolder()
    const keys = join(folder, 'keys.json')
    await writeFile(keys, '{}')
    await chmod(keys, 0o644)
    const places: [object, RegExp][] = [
      [{ listen: { port } }, new RegExp(`${port}.*listen\\.port`)],
      [{ database: `sqlite:${folder}` }, new RegExp(`^database: .*${folder}`)],
      [{ keys: { file: keys } }, new RegExp(`^keys\\.file: ${keys} has mode 644`)],
    ]
    for (const [config, says] of places) {
      const { code, lines } = await refusedStart({ accounts: [good], ...config })
      expect(lines).toEqual([expect.stringMatching(says)])
      expect(code).toBe(1)
    }
    see(`${places.length} starts refused with 1 and one line each`)
  },
)
