import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeBlocks } from './markdown.ts'

/** One `@example` of a docstring, as a module that can be compiled. */
export interface Example {
  /** The source file it stands in, and which one it is there. */
  readonly name: string
  readonly code: string
}

/** What examples take for granted besides the exports of the sources: add a line when a new one needs more. */
const given: Readonly<Record<string, string>> = {
  access: `declare const access: import('#root/server/access/access.ts').Access`,
  appId: 'declare const appId: string',
  context: `declare const context: import('hono').Context`,
  readFileSync: `import { readFileSync } from 'node:fs'`,
  vault: `declare const vault: import('#root/server/credentials/vault.ts').Vault`,
}

/**
 * Collects every `@example` below the given folders.
 *
 * Inside a project nobody imports the function that a docstring stands above, so the exports an example uses are
 * imported for it: those of its own file first, then those of its folder.
 */
export function docstringExamples(root: string, folders: readonly string[]): Example[] {
  return folders.flatMap((folder) => {
    const files = sourceFiles(root, folder).map((file) => ({
      file,
      source: readFileSync(join(root, file), 'utf8'),
    }))
    const exported = new Map(
      files.flatMap(({ file, source }) => exportsOf(source).map((name) => [name, file] as const)),
    )
    return files.flatMap(({ file, source }) =>
      examplesIn(source).map((code, index) => ({
        name: `${file}#${index + 1}`,
        code: complete(
          code,
          new Map([...exported, ...exportsOf(source).map((name) => [name, file] as const)]),
        ),
      })),
    )
  })
}

function sourceFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .sort()
}

function exportsOf(source: string): string[] {
  const found = source.matchAll(/^export (?:async )?(?:function|const|class|interface|type) (\w+)/gm)
  return [...found].map(({ 1: name = '' }) => name)
}

function examplesIn(source: string): string[] {
  const docstrings = [...source.matchAll(/\/\*\*.*?\*\//gs)].map(([text]) =>
    text.replace(/^\/\*\*|\*\/$/g, '').replace(/^[ \t]*\* ?/gm, ''),
  )
  return docstrings.flatMap((text) =>
    text
      .split(/^@example\b/m)
      .slice(1)
      .map((rest) => rest.replace(/^@\w.*/ms, ''))
      .map((example) => codeBlocks(`${example.trim()}\n`)[0]?.code ?? example.trim()),
  )
}

function complete(code: string, exported: ReadonlyMap<string, string>): string {
  const words = new Set(code.match(/[A-Za-z_]\w*/g))
  const own = new Set(
    [...code.matchAll(/(?:import|const) \{([^}]*)\}|(?:const|let|function|class) (\w+)/g)]
      .flatMap(([, list = '', name = '']) => [...list.split(','), name])
      .map((name) => name.replace(/^\s*type |^.*:/, '').trim()),
  )
  const missing = [...words].filter((word) => !own.has(word))
  const imports = missing.flatMap((word) => {
    const file = exported.get(word)
    if (given[word] !== undefined) return [given[word]]
    return file === undefined ? [] : [`import { ${word} } from '#root/${file}'`]
  })
  return [...imports, code, 'export {}', ''].join('\n')
}
