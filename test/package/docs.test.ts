import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { hints } from '../../client/hints.ts'
import { APIS } from '../../demo/sandbox/api/table.ts'
import { createSandbox, faultKinds, readSandboxConfig } from '../../demo/sandbox/index.ts'
import { parseConfig } from '../../server/config/load.ts'
import { knownKeys } from '../../server/config/schema.ts'
import { STATUS } from '../../server/errors.ts'
import { createTestService } from '../support/service.ts'
import { compileSnippets } from './compile-snippets.ts'
import { docstringExamples } from './docstring-examples.ts'
import { anchor, codeBlocks, codeSpans, headings, linkTargets, tables } from './markdown.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (name: string): string => readFileSync(join(root, name), 'utf8')

const translated = [
  ['README.md', 'README.zh-CN.md'],
  ['docs/http-api.md', 'docs/http-api.zh-CN.md'],
  ['docs/token-server.md', 'docs/token-server.zh-CN.md'],
  ['docs/operations.md', 'docs/operations.zh-CN.md'],
] as const
const names = [...translated.flat(), 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md']

type Document = [name: string, text: string]
const readmes = translated[0].map((name): Document => [name, read(name)])
const references = translated[1].map((name): Document => [name, read(name)])
const operations = ['docs/operations.md', 'docs/operations.zh-CN.md'].map(
  (name): Document => [name, read(name)],
)
const forUsers = [...readmes, ...references].map(([, text]) => text).join('\n')

/** The rows of all tables whose first column has this title, as the code spans of each cell. */
const rowsOf = (text: string, ...titles: string[]): string[][][] =>
  tables(text)
    .filter(({ header: [first = ''] }) => titles.includes(first))
    .flatMap(({ rows }) => rows.map((row) => row.map(codeSpans)))

describe('code in the documents', () => {
  test('every ts block and every example of a docstring compiles', () => {
    const blocks = names.flatMap((name) =>
      codeBlocks(read(name))
        .filter(({ language }) => language === 'ts')
        .map(({ code, line }) => ({ name: `${name}:${line}`, code: `${code}\nexport {}\n` })),
    )
    const examples = docstringExamples(root, ['server', 'client', 'demo/sandbox'])
    expect(blocks.length).toBeGreaterThan(15)
    expect(examples.length).toBeGreaterThan(20)
    expect(compileSnippets(root, [...blocks, ...examples])).toBe('')
  })

  test('a block that does not compile is named', () => {
    const wrong = { name: 'README.md:1', code: `import { nothing } from 'wx-h5-kit'\n` }
    expect(compileSnippets(root, [wrong])).toMatch(/^README\.md:1: .*'nothing'/)
  })

  test.each(readmes)('the scripts in the html of %s are JavaScript', (_, text) => {
    const pages = codeBlocks(text).filter(({ language }) => language === 'html')
    const scripts = pages.flatMap(({ code }) => [...code.matchAll(/<script>(.*?)<\/script>/gs)])
    expect(scripts.length).toBeGreaterThan(0)
    for (const [, script = ''] of scripts) expect(() => new Script(script)).not.toThrow()
  })

  test.each([...readmes, ...references])(
    'every JSON in %s is JSON, and configurations are right',
    (_, text) => {
      const blocks = codeBlocks(text).filter(({ language }) => language === 'json')
      const secret = '0123456789abcdef0123456789abcdef'
      let configurations = 0
      for (const { code } of blocks) {
        const value: unknown = JSON.parse(code)
        if (code.includes('"safeDomains"')) readSandboxConfig(code)
        if (!code.includes('"pageOrigins"')) continue
        parseConfig(value, { WX_SECRET: secret, SHOP_SECRET: secret })
        configurations++
      }
      expect(configurations).toBeGreaterThan(0)
    },
  )
})

describe.each(translated)('%s and its translation', (original, translation) => {
  const english = read(original)
  const chinese = read(translation)

  test('have the same chapters', () => {
    const levels = (text: string) => headings(text).map(({ level }) => level)
    expect(levels(chinese)).toEqual(levels(english))
  })

  test('have the same code blocks, and word for word the same commands', () => {
    const blocks = (text: string) =>
      codeBlocks(text).map(({ language, code }) => ({
        language,
        ...(language === 'ts' ? {} : { code: code.replace(/ *# .*/g, '') }),
      }))
    expect(blocks(chinese)).toEqual(blocks(english))
  })

  test('have the same tables, with the same keys and codes', () => {
    const keys = (text: string) =>
      tables(text).map(({ rows }) => rows.map(([first = '']) => codeSpans(first)))
    expect(keys(chinese)).toEqual(keys(english))
  })
})

describe('the two READMEs', () => {
  test.each(readmes)('%s shows the two commands', (_, text) => {
    const commands = codeBlocks(text).map(({ code }) => code)
    expect(commands).toContain('npm ci && npm start\n')
    expect(commands).toContain('npm ci && npm test\n')
  })
})

describe.each(readmes)('the configuration in %s', (_, text) => {
  const rows = rowsOf(text, 'key', '键')
  const keys = rows.flatMap(([first = []]) => first)

  test('names every key of the schema once, and no other', () => {
    const parents = new Set([...knownKeys.keys()].map((path) => path.replace('[]', '')))
    const all = [...knownKeys].flatMap(([path, names]) =>
      names.map((name) => (path === '' ? name : `${path}.${name}`)),
    )
    expect([...keys].sort()).toEqual(all.filter((key) => !parents.has(key)).sort())
  })

  test('tells the real defaults', () => {
    const config = parseConfig({
      accounts: [{ appId: 'wx0123456789abcdef', appSecret: '0'.repeat(32) }],
      clients: [{ clientId: 'crm', clientSecret: '0'.repeat(32) }],
    })
    for (const [first = [], , written = []] of rows) {
      if (written.length === 0) continue
      const real = first.map((key) => defaultAt(config, key))
      expect([first, written]).toEqual([first, real.flat()])
    }
  })

  test('tells the real environment variables', () => {
    const source = read('server/config/environment-config.ts')
    const real = [...source.matchAll(/\['(\S+)', '(WX_\w+)'\]/g)].map(({ 1: key = '', 2: name = '' }) => [
      key.replace('[0]', '[]'),
      name,
    ])
    const written = rows.flatMap((row) => (row[3]?.length ? [[row[0]?.[0], row[3][0]]] : []))
    expect(real.length).toBeGreaterThan(4)
    expect(written.sort()).toEqual([...real, ['listen.port', 'PORT']].sort())
  })
})

/** A default as the table writes it: a text, several for a list, none where there is none. */
function defaultAt(config: object, key: string): string | string[] {
  const steps = key.replace('[]', '.0').split('.')
  const value = steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], config)
  if (value === undefined) return []
  if (Array.isArray(value) && value.length > 0) return value.map(String)
  if (key === 'database') return `sqlite:${(value as { file?: string }).file}`
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

test.each(references)('%s has every error code of the service, with its status', (_, text) => {
  const rows = tables(text).find(({ header }) => header[1] === 'code')?.rows ?? []
  expect(rows.map(([status, code = '']) => [codeSpans(code)[0], Number(status)])).toEqual(
    Object.entries(STATUS),
  )
})

describe.each(readmes)('the lists in %s', (_, text) => {
  test('have every route of the service, and what it asks for', async () => {
    const { service } = await createTestService()
    const openapi = (await (await service.app.request('/openapi.json')).json()) as {
      paths: Record<string, Record<string, { security?: unknown }>>
    }
    await service.close()
    const real = Object.entries(openapi.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { security }]) => [`${method.toUpperCase()} ${path}`, security]),
    )
    const rows = rowsOf(text, 'route', '接口')
    expect(rows.map(([route = []]) => route[0]).sort()).toEqual(real.map(([route]) => route).sort())
    for (const [[route] = [], asks = []] of rows) {
      const guarded = real.some(([known, security]) => known === route && security !== undefined)
      if (guarded) expect([route, asks]).toEqual([route, [expect.stringMatching(/^[a-z:]+$/)]])
    }
  })

  test('have every scope that a route asks for, and no other', () => {
    const asked = ['access', 'auth-info', 'cards', 'credentials', 'marketing'].flatMap((folder) =>
      [
        ...read(`server/${folder}/routes.ts`).matchAll(/(?:require\(context, |scopes\.has\()'([a-z:]+)'/g),
      ].map(([, scope]) => scope),
    )
    const written = rowsOf(text, 'scope').flatMap(([first = []]) => first)
    expect(written.sort()).toEqual([...new Set(asked)].sort())
  })

  test('have every code of the client', () => {
    const table = tables(text).find(({ rows }) => rows[0]?.[0] === '`not_in_wechat`')
    const codes = table?.rows.flatMap(([first = '']) => codeSpans(first))
    const [, union = ''] =
      /export type WeixinErrorCode =\n((?: {2}\| '\w+'\n)+)/.exec(read('client/types.ts')) ?? []
    const real = [...union.matchAll(/'(\w+)'/g)].map(([, code]) => code)
    expect(real).toEqual(expect.arrayContaining(Object.keys(hints)))
    expect(codes?.sort()).toEqual(real.sort())
  })

  test('have every method of the client', () => {
    const [, body = ''] = /export interface Weixin \{\n(.*?)\n\}/s.exec(read('client/types.ts')) ?? []
    const methods = new Set([...body.matchAll(/^ {2}(\w+)[(<]/gm)].map(([, name]) => name))
    expect(methods.size).toBeGreaterThan(8)
    for (const method of methods) expect(text).toContain(`weixin.${method}(`)
  })

  test('have every module of the package', () => {
    const { exports }: { exports: Record<string, object | string> } = JSON.parse(read('package.json'))
    const modules = Object.keys(exports).filter((path) => typeof exports[path] === 'object')
    for (const path of modules) expect(text).toContain(`wx-h5-kit${path.slice(1)}`)
  })

  test('have every control route of the sandbox but those between its own parts', () => {
    const inner = /\/(?:bridge\/log|bridge\.js|phone\.json)$/
    const real = createSandbox()
      .app.routes.filter(({ method, path }) => method !== 'ALL' && path.startsWith('/__sandbox/'))
      .filter(({ path }) => !inner.test(path))
      .map(({ method, path }) => `${method} ${path}`)
    // In "GET, POST /path" only the last method stands with the path.
    const written = rowsOf(text, 'control route', '控制接口').flatMap(([spans = []]) =>
      spans.flatMap((span, at) => {
        const path = spans.slice(at).find((later) => later.includes(' '))
        return [span.includes(' ') ? span : `${span} ${path?.split(' ')[1]}`]
      }),
    )
    expect(written.sort()).toEqual([...new Set(real)].sort())
  })

  test('have every fault and every API of the sandbox', () => {
    const spans = codeSpans(text)
    for (const name of [...faultKinds, ...APIS.keys()]) expect(spans).toContain(name)
  })
})

test.each(operations)('%s has every metric of the service', async (_, text) => {
  const { service } = await createTestService()
  const metrics = await (await service.app.request('/metrics')).text()
  await service.close()
  const real = [...metrics.matchAll(/^# TYPE (wxh5_\S+)/gm)].map(([, name]) => name)
  expect(real.length).toBeGreaterThan(15)
  expect(
    rowsOf(text, 'metric', '指标')
      .flatMap(([first = []]) => first)
      .sort(),
  ).toEqual(real.sort())
})

describe.each(names)('%s', (name) => {
  const text = read(name)

  test('links only to what is there', () => {
    for (const target of linkTargets(text)) {
      if (/^https?:/.test(target)) continue
      const [file = '', fragment] = target.split('#')
      const path = file === '' ? name : join(dirname(name), file)
      expect([target, existsSync(join(root, path))]).toEqual([target, true])
      if (fragment === undefined) continue
      const anchors = headings(read(path)).map(({ text: title }) => anchor(title))
      expect(anchors).toContain(fragment)
    }
  })

  test('shows pictures that load quickly', () => {
    for (const target of linkTargets(text).filter((link) => link.endsWith('.png'))) {
      expect(statSync(join(root, dirname(name), target)).size).toBeLessThan(400_000)
    }
  })

  test('names only scripts and files that exist', () => {
    const manifest: { scripts: Record<string, string> } = JSON.parse(read('package.json'))
    for (const [, script = ''] of text.matchAll(/npm run ([\w:]+)/g))
      expect(Object.keys(manifest.scripts)).toContain(script)
    const files = codeSpans(text).filter((span) => /^(server|client|demo|test|docs)\/[\w./-]*$/.test(span))
    for (const file of files) expect([file, existsSync(join(root, file))]).toEqual([file, true])
  })
})

test('the documents for users use only commands and options that wx-h5 has', () => {
  const help = (...args: string[]): string => {
    const main = join(root, 'server/main.ts')
    return spawnSync(process.execPath, ['--import', import.meta.resolve('tsx'), main, ...args, '--help'], {
      encoding: 'utf8',
    }).stdout
  }
  const commands = ['serve', 'demo', 'sandbox', 'doctor', 'sign', 'explain']
  const everything = [help(), ...commands.map((command) => help(command))].join('\n')
  const used = [...forUsers.matchAll(/wx-h5 (\w+)((?: --[\w-]+(?: [\w.]+)?)*)/g)]
  expect(used.length).toBeGreaterThan(5)
  for (const [, command = '', options = ''] of used) {
    expect(commands).toContain(command)
    for (const [option] of options.matchAll(/--[\w-]+/g)) expect(everything).toContain(option)
  }
  const spans = codeSpans(forUsers).filter((span) => /^--[\w-]+/.test(span))
  for (const span of spans) expect(everything).toContain(span.split(' ')[0])
})
