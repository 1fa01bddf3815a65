import { access } from 'node:fs/promises'
import { resolve } from 'node:path'
import { loadKeys } from '../access/key-file.ts'
import type { KeysConfig } from '../config/types.ts'
import type { RandomBytes } from '../random.ts'
import { describeFailure } from './describe-failure.ts'
import { type Finding, failed, passed } from './step.ts'
import { canMakeFile } from './writable-folder.ts'

/** Whether the keys of our own can be used; a file that is missing is not made. */
export async function checkKeys(config: KeysConfig, random: RandomBytes): Promise<Finding> {
  const { ssoToken, phone, phoneIndex } = config
  const file = resolve(config.file)
  const configured = ssoToken.length > 0 && phone.length > 0 && phoneIndex !== undefined
  if (!configured && !(await exists(file))) {
    return (await canMakeFile(file))
      ? passed(`${file} is not there yet; wx-h5 serve makes it at its first start.`)
      : failed(
          `${file} is not there, and this user cannot make it.`,
          'Give this user the right to write its folder, set "keys.file" to another path, or configure keys.ssoToken, keys.phone and keys.phoneIndex.',
          '请让当前用户可以写入该目录，或修改 keys.file，或在配置中给出 keys.ssoToken、keys.phone 和 keys.phoneIndex。',
        )
  }
  try {
    const keys = await loadKeys(config, random)
    const from = configured ? 'the configuration' : file
    return passed(
      `${keys.ssoToken.length} for service tokens and ${keys.phone.length} for phone numbers, from ${from}.`,
    )
  } catch (error) {
    return describeFailure(error)
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
