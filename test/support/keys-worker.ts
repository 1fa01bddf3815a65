import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { loadKeys } from '../../server/access/key-file.ts'
import { systemRandom } from '../../server/random.ts'

/** Where the worker puts its nth key file. */
export const keyFile = (folder: string, turn: number): string => join(folder, String(turn), 'keys.json')

// Runs as a program of its own: keys-worker.ts FOLDER FIRST, until killed; prints the number of every file it made
const [, script, folder, first] = process.argv
if (script === import.meta.filename && folder !== undefined) {
  for (let turn = Number(first); turn < Number.POSITIVE_INFINITY; turn++) {
    await loadKeys({ file: keyFile(folder, turn), ssoToken: [], phone: [] }, systemRandom)
    writeSync(1, `${turn}\n`)
  }
}
