import { generateKeyPair } from 'node:crypto'
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { bytesKeyProblem, MIN_RSA_BITS, rsaKeyProblem } from '../config/key-rules.ts'
import type { KeysConfig } from '../config/types.ts'
import type { RandomBytes } from '../random.ts'
import { reasonOf, StorageError } from '../storage/storage-error.ts'
import { type Keys, type Rotation, readPhoneKey, readSigningKey } from './keys.ts'

const contentSchema = z.strictObject({
  version: z.literal(1),
  ssoToken: z.array(z.string().refine((pem) => rsaKeyProblem(pem) === undefined)).min(1),
  phone: z.array(z.string().refine((key) => bytesKeyProblem(key) === undefined)).min(1),
  phoneIndex: z.string().refine((key) => bytesKeyProblem(key) === undefined),
})
type Content = z.output<typeof contentSchema>

const KEEP =
  'Restore it from a backup. Only without any: delete it, and new keys are made; phone numbers stored before cannot be read then. 请从备份恢复；删除后会生成新密钥，但已存储的手机号将无法解密。'

/**
 * Loads every key of our own: from the configuration, and what stands not there from the key file.
 *
 * The file is made at the first start, readable by its owner only. It appears whole or not at all, and of several
 * processes that start at once one makes it and all use it.
 *
 * @param random draws the keys of 32 bytes; RSA keys come from the system
 * @throws {StorageError} naming `keys.file` and the path, never what is in it
 * @example
 * const keys = await loadKeys({ file: '.data/keys.json', ssoToken: [], phone: [] }, systemRandom)
 */
export async function loadKeys(config: KeysConfig, random: RandomBytes): Promise<Keys> {
  const { ssoToken, phone, phoneIndex } = config
  const complete = ssoToken.length > 0 && phone.length > 0 && phoneIndex !== undefined
  const file = complete ? undefined : await readOrMake(resolve(config.file), random)
  return {
    ssoToken: rotation(ssoToken.length > 0 ? ssoToken : file?.ssoToken, readSigningKey),
    phone: rotation(phone.length > 0 ? phone : file?.phone, readPhoneKey),
    phoneIndex: Buffer.from(phoneIndex ?? file?.phoneIndex ?? '', 'base64'),
  }
}

function rotation<Key>(texts: readonly string[] = [], read: (text: string) => Key): Rotation<Key> {
  const [current, ...previous] = texts.map(read)
  if (current === undefined) throw new TypeError('a rotation of keys needs at least one')
  return [current, ...previous]
}

async function readOrMake(path: string, random: RandomBytes): Promise<Content> {
  try {
    return (await readContent(path)) ?? (await makeFile(path, random))
  } catch (error) {
    if (error instanceof StorageError) throw error
    throw new StorageError(
      `keys.file: cannot use ${path} (${reasonOf(error)}). Check that this user may read and write it and its folder, set "keys.file" to another path, or configure keys.ssoToken, keys.phone and keys.phoneIndex. 无法使用密钥文件，请检查权限或修改 keys.file 配置。`,
      { cause: error },
    )
  }
}

async function readContent(path: string): Promise<Content | undefined> {
  const text = await readText(path)
  if (text === undefined) return undefined
  const { mode } = await stat(path)
  // Windows has no such bits: there every file looks readable by everyone.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new StorageError(
      `keys.file: ${path} has mode ${(mode & 0o777).toString(8)}: others than its owner may use it. Run chmod 600 on it; if somebody else may have read it, replace its keys. 密钥文件权限过宽，请执行 chmod 600。`,
    )
  }
  const parsed = contentSchema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  const wrong = [...new Set(parsed.error.issues.map(({ path: at }) => at[0] ?? 'the whole file'))].join(', ')
  throw new StorageError(`keys.file: ${path} holds no keys of this version (wrong: ${wrong}). ${KEEP}`)
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function makeFile(path: string, random: RandomBytes): Promise<Content> {
  const content = await makeContent(random)
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const draft = `${path}.${Buffer.from(random(8)).toString('hex')}.new`
  try {
    await writeDurably(draft, `${JSON.stringify(content, undefined, 2)}\n`)
    // Unlike a rename this fails when another process was quicker, and never shows half a file.
    await link(draft, path)
    await flushFolder(folder)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
    const theirs = await readContent(path)
    if (theirs === undefined) throw error
    return theirs
  } finally {
    await rm(draft, { force: true })
  }
  return content
}

async function makeContent(random: RandomBytes): Promise<Content> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: MIN_RSA_BITS })
  const bytes = () => Buffer.from(random(32)).toString('base64')
  return {
    version: 1,
    ssoToken: [privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
    phone: [bytes()],
    phoneIndex: bytes(),
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
