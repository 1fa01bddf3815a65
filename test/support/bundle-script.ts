import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A program for tests that start it many times. */
export interface BundledScript {
  readonly file: string
  /** A folder of its own, for whatever the program writes. */
  readonly folder: string
  remove(): Promise<void>
}

/**
 * Makes one script of a program and its imports, because compiling it at every start would take most of the time.
 *
 * @param entry from the root of the project, for example `test/support/people-writer.ts`
 */
export async function bundleScript(entry: string): Promise<BundledScript> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'wx-h5-script-')))
  const name = basename(entry).replace(/\.ts$/, '.mjs')
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: entry,
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: name } },
    },
  })
  return { file: join(folder, name), folder, remove: () => rm(folder, { recursive: true }) }
}
