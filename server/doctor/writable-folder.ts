import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Whether this user could make the file with its folders; nothing is made. */
export async function canMakeFile(file: string): Promise<boolean> {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined)
    if (found === undefined && folder !== dirname(folder)) continue
    if (found === undefined || !found.isDirectory()) return false
    return access(folder, constants.W_OK).then(
      () => true,
      () => false,
    )
  }
}
