import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A piece of TypeScript from a document. */
export interface Snippet {
  /** Where it comes from; shown when it does not compile. */
  readonly name: string
  readonly code: string
}

const entries = {
  'wx-h5-kit': 'client/index.ts',
  'wx-h5-kit/vue': 'client/vue.ts',
  'wx-h5-kit/react': 'client/react.ts',
  'wx-h5-kit/server': 'server/index.ts',
  'wx-h5-kit/sandbox': 'demo/sandbox/index.ts',
  'wx-h5-kit/sandbox/bridge': 'demo/sandbox/bridge/index.ts',
}

/**
 * Compiles snippets with the repository's own settings and returns what the compiler says, with the snippets' names;
 * empty when all is well.
 *
 * Each one stands where a test would stand, so `../support/…` is the repository's; `#root/…` is its root.
 */
export function compileSnippets(root: string, snippets: readonly Snippet[]): string {
  const cache = join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'snippets-'))
  try {
    const files = snippets.map(({ code }, index) => {
      const file = join(folder, `test/integration/snippet-${index}.ts`)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, code)
      return file
    })
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings(root, folder, files)))
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [compiler, '-p', folder, '--pretty', 'false'],
      {
        encoding: 'utf8',
      },
    )
    if (status === 0) return ''
    return `${stdout}${stderr}`.replace(
      /^.*snippet-(\d+)\.ts/gm,
      (_, index: string) => `${snippets[Number(index)]?.name}: `,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function settings(root: string, folder: string, files: readonly string[]): object {
  const paths = Object.entries(entries).map(([name, file]) => [name, [join(root, file)]])
  return {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      module: 'ESNext',
      moduleResolution: 'Bundler',
      noUnusedLocals: false,
      rootDirs: [folder, root],
      paths: { ...Object.fromEntries(paths), '#root/*': [`${root}*`] },
      typeRoots: [join(root, 'node_modules/@types')],
    },
    include: [],
    files,
  }
}
