import { execFile } from 'node:child_process'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadKeys } from '../../../server/access/key-file.ts'
import { systemRandom } from '../../../server/random.ts'
import { testKeys } from '../../support/keys.ts'

let folder = ''
let file = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wx-h5-keys-'))
  file = join(folder, 'state', 'keys.json')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const nothing = { ssoToken: [], phone: [] }
const load = (config: object = {}) => loadKeys({ file, ...nothing, ...config }, systemRandom)
const refusal = async (config?: object): Promise<string> => {
  const error: unknown = await load(config).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toMatchObject({ name: 'StorageError' })
  return error instanceof Error ? error.message : ''
}

test('the first start makes keys that only their owner can read, the second one finds them', async () => {
  const first = await load()
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await stat(join(folder, 'state'))).mode & 0o777).toBe(0o700)
  expect(await readdir(join(folder, 'state'))).toEqual(['keys.json'])
  const second = await load()
  expect(second.ssoToken.map(({ kid }) => kid)).toEqual(first.ssoToken.map(({ kid }) => kid))
  expect(second.phone).toEqual(first.phone)
  expect(second.phoneIndex).toEqual(first.phoneIndex)
})

test('the keys are 2048 bits of RSA and 32 random bytes each, named by what they are', async () => {
  const { ssoToken, phone, phoneIndex } = await load()
  expect(ssoToken).toHaveLength(1)
  expect(ssoToken[0].privateKey.asymmetricKeyDetails?.modulusLength).toBe(2_048)
  expect(createPublicKey(ssoToken[0].privateKey).equals(ssoToken[0].publicKey)).toBe(true)
  expect(ssoToken[0].kid).toMatch(/^[0-9a-f]{16}$/)
  expect(phone).toEqual([{ id: expect.stringMatching(/^[0-9a-f]{16}$/), key: expect.any(Buffer) }])
  expect([phone[0].key.length, phoneIndex.length]).toEqual([32, 32])
  expect(phone[0].key.equals(phoneIndex)).toBe(false)
})

test('twenty starts at once in one process end with the same keys', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, () => load()))
  expect(new Set(all.map(({ ssoToken }) => ssoToken[0].kid)).size).toBe(1)
  expect(new Set(all.map(({ phoneIndex }) => phoneIndex.toString('hex'))).size).toBe(1)
  expect(await readdir(join(folder, 'state'))).toEqual(['keys.json'])
})

test('starts at once in several processes end with the same keys', { timeout: 30_000 }, async () => {
  const module = fileURLToPath(new URL('../../../server/access/key-file.ts', import.meta.url))
  const program = `
    import { randomBytes } from 'node:crypto'
    import { loadKeys } from ${JSON.stringify(module)}
    loadKeys({ file: ${JSON.stringify(file)}, ssoToken: [], phone: [] }, randomBytes)
      .then((keys) => process.stdout.write(keys.ssoToken[0].kid + keys.phone[0].id))`
  const run = () =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program])
  const all = await Promise.all([run(), run(), run()])
  const said = new Set(all.map(({ stdout }) => stdout))
  const { ssoToken, phone } = await load()
  expect([...said]).toEqual([ssoToken[0].kid + phone[0].id])
})

test('a process that died while writing leaves nothing half', async () => {
  await mkdir(join(folder, 'state'))
  await writeFile(`${file}.0011223344556677.new`, '{"version":1,"ssoTo', { mode: 0o600 })
  const { ssoToken } = await load()
  expect(JSON.parse(await readFile(file, 'utf8')).ssoToken).toHaveLength(1)
  expect((await load()).ssoToken[0].kid).toBe(ssoToken[0].kid)
})

test('what is configured goes first, and with everything configured there is no file', async () => {
  const configured = await load(testKeys)
  expect(configured.phone[0].key).toEqual(Buffer.alloc(32, 1))
  expect(configured.phoneIndex).toEqual(Buffer.alloc(32, 2))
  expect(await readdir(folder)).toEqual([])
  const mixed = await load({ ssoToken: testKeys.ssoToken })
  expect(mixed.ssoToken[0].kid).toBe(configured.ssoToken[0].kid)
  expect(mixed.phoneIndex).toEqual((await load()).phoneIndex)
})

test('several keys keep their order', async () => {
  const second = Buffer.alloc(32, 9).toString('base64')
  const { phone } = await load({ phone: [second, ...testKeys.phone] })
  expect(phone.map(({ key }) => key[0])).toEqual([9, 1])
})

test('keys added to the file for a rotation are used', async () => {
  await load()
  const content = JSON.parse(await readFile(file, 'utf8'))
  await writeFile(file, JSON.stringify({ ...content, ssoToken: [...testKeys.ssoToken, ...content.ssoToken] }))
  expect((await load()).ssoToken).toHaveLength(2)
})

const small = generateKeyPairSync('rsa', { modulusLength: 1_024 }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
})
test.each<[string, (content: object) => string, RegExp]>([
  ['is empty', () => '', /the whole file/],
  ['is cut off', (content) => JSON.stringify(content).slice(0, 900), /the whole file/],
  ['is no JSON', () => 'keys', /the whole file/],
  ['is a list', () => '[]', /the whole file/],
  ['lacks a key', (content) => JSON.stringify({ ...content, phoneIndex: undefined }), /wrong: phoneIndex/],
  ['has an empty list', (content) => JSON.stringify({ ...content, phone: [] }), /wrong: phone\)/],
  ['has a short key', (content) => JSON.stringify({ ...content, phone: ['AAAA'] }), /wrong: phone\)/],
  [
    'has an RSA key of 1024 bits',
    (content) => JSON.stringify({ ...content, ssoToken: [small] }),
    /wrong: ssoToken/,
  ],
  ['is of a later version', (content) => JSON.stringify({ ...content, version: 2 }), /wrong: version/],
])('a file that %s is named, kept, and not repeated', async (_, spoil, says) => {
  await load()
  const text = await readFile(file, 'utf8')
  const spoilt = spoil(JSON.parse(text))
  await writeFile(file, spoilt)
  const message = await refusal()
  expect(message).toContain(`keys.file: ${file} holds no keys`)
  expect(message).toMatch(says)
  expect(message).toContain('Restore it from a backup')
  const secret = String(JSON.parse(text).phoneIndex)
  expect(message).not.toContain(secret)
  expect(message).not.toMatch(/PRIVATE KEY|AAAA/)
  expect(await readFile(file, 'utf8')).toBe(spoilt)
})

test('a file that others may read is refused', async () => {
  await load()
  for (const mode of [0o644, 0o640, 0o602]) {
    await chmod(file, mode)
    expect(await refusal()).toMatch(
      new RegExp(`keys\\.file: .*keys\\.json has mode ${mode.toString(8)}.*chmod 600`),
    )
  }
})

test('a path that is a folder, below a file, or a dead link is named with its reason', async () => {
  await mkdir(file, { recursive: true })
  expect(await refusal()).toMatch(/keys\.file: cannot use .*keys\.json \(EISDIR.*configure keys\.ssoToken/)
  await writeFile(join(folder, 'plain'), '')
  expect(await refusal({ file: join(folder, 'plain', 'keys.json') })).toMatch(/keys\.file: .*ENOTDIR/)
  await symlink(join(folder, 'absent'), join(folder, 'link.json'))
  expect(await refusal({ file: join(folder, 'link.json') })).toMatch(/keys\.file: .*EEXIST/)
})

test.skipIf(process.getuid?.() === 0)(
  'a folder that may not be written is named with its reason',
  async () => {
    await mkdir(join(folder, 'state'), { mode: 0o500 })
    expect(await refusal()).toMatch(/keys\.file: cannot use .*EACCES/)
  },
)
