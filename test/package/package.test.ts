import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createContext, Script } from 'node:vm'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PackedPackage, packPackage } from './packed-package.ts'

// What users get: the packed and unpacked package, in a project of its own.

const root = fileURLToPath(new URL('../../', import.meta.url))
const run = promisify(execFile)

let packed: PackedPackage
beforeAll(() => {
  packed = packPackage(root)
}, 60_000)
afterAll(() => packed?.remove())

/** What Node prints, on both streams, when it runs this module in the project. */
async function runModule(code: string): Promise<string> {
  const file = join(packed.project, 'module.mjs')
  await writeFile(file, code)
  const { stdout, stderr } = await run(process.execPath, [file])
  return stdout + stderr
}

describe('the entries', () => {
  const exportsOf = async (entry: string): Promise<unknown> =>
    JSON.parse(
      await runModule(`const entry = await import(${JSON.stringify(entry)})
        process.stdout.write(JSON.stringify(Object.keys(entry).sort()))`),
    )

  test('wx-h5-kit exports exactly this', async () => {
    expect(await exportsOf('wx-h5-kit')).toMatchInlineSnapshot(`
      [
        "WeixinError",
        "createWeixin",
        "detectEnvironment",
        "isWeixinError",
        "parseAuthInfo",
      ]
    `)
  })

  test('wx-h5-kit/server exports exactly this', async () => {
    expect(await exportsOf('wx-h5-kit/server')).toMatchInlineSnapshot(`
      [
        "ConfigError",
        "ListenError",
        "ServiceError",
        "StorageError",
        "buildAuthorizeUrl",
        "compose",
        "createApp",
        "isServiceError",
        "loadConfig",
        "parseConfig",
        "signCardExt",
        "signChooseCard",
        "signJsapi",
        "startService",
      ]
    `)
  })

  test('wx-h5-kit/sandbox exports exactly this', async () => {
    expect(await exportsOf('wx-h5-kit/sandbox')).toMatchInlineSnapshot(`
      [
        "SandboxConfigError",
        "builtInAccount",
        "builtInCards",
        "builtInVisitors",
        "createSandbox",
        "faultKinds",
        "installWeixin",
        "mswHandler",
        "readSandboxConfig",
        "serveSandbox",
        "verifyAuthorizeUrl",
      ]
    `)
  })

  test('wx-h5-kit/sandbox/bridge exports exactly this', async () => {
    expect(await exportsOf('wx-h5-kit/sandbox/bridge')).toMatchInlineSnapshot(`
      [
        "installWeixinBridge",
        "platforms",
        "userAgents",
      ]
    `)
  })

  test.each(['wx-h5-kit', 'wx-h5-kit/server', 'wx-h5-kit/sandbox', 'wx-h5-kit/sandbox/bridge'])(
    'importing %s in Node prints nothing, leaves nothing behind and lets the process end',
    async (entry) => {
      const added = await runModule(`const before = Object.keys(globalThis)
        await import(${JSON.stringify(entry)})
        const added = Object.keys(globalThis).filter((name) => !before.includes(name))
        process.stdout.write(added.filter((name) => !name.startsWith('__zod_')).join())`)
      expect(added).toBe('')
    },
  )
})

describe('the files', () => {
  test('are what is built, the documents, and what operators copy, nothing else', () => {
    const others = packed.files.filter((path) => !/^(dist|docs|deploy|ops)\//.test(path))
    const documents = /^docs\/([\w.-]+\.(md|png)|examples\/token-server\/[\w-]+\.(sh|java|go|php|py))$/
    expect(packed.files.filter((path) => path.startsWith('docs/') && !documents.test(path))).toEqual([])
    const forOperators = /\.(json|ya?ml|conf|service)$/
    expect(packed.files.filter((path) => /^(deploy|ops)\//.test(path) && !forOperators.test(path))).toEqual(
      [],
    )
    expect(others.sort()).toEqual([
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'LICENSE',
      'README.md',
      'README.zh-CN.md',
      'SECURITY.md',
      'package.json',
    ])
    const kinds = /\.(js|d\.ts|js\.map|html|css|png|svg)$|\/bin\/LICENSES\.txt$/
    expect(packed.files.filter((path) => path.startsWith('dist/') && !kinds.test(path))).toEqual([])
    expect(packed.files.filter((path) => path.includes('test'))).toEqual([])
  })

  test('hold the license of everything that is bundled into the binary', async () => {
    const text = await readFile(join(packed.folder, 'dist/server/bin/LICENSES.txt'), 'utf8')
    for (const name of ['hono', 'kysely', 'pino', 'zod']) {
      expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(MIT\\)\n\n[^]{20}`, 'm'))
    }
  })

  test('name no place of the machine that built them', async () => {
    const texts = packed.files.filter((path) => /\.(js|d\.ts|map|html|css|json)$/.test(path))
    for (const path of texts) {
      const text = await readFile(join(packed.folder, path), 'utf8')
      expect([path, text.includes(root)]).toEqual([path, false])
    }
  })

  test('pass publint', async () => {
    const { messages, pkg = {} } = await publint({ pkgDir: packed.folder, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
  })

  test('pass arethetypeswrong', async () => {
    const manifest = fileURLToPath(import.meta.resolve('@arethetypeswrong/cli/package.json'))
    // The one-tag script is no module: it has no types to import.
    const options = ['--profile', 'esm-only', '--exclude-entrypoints', 'script']
    const { stdout } = await run(process.execPath, [
      join(manifest, '../dist/index.js'),
      packed.tarball,
      ...options,
    ]).catch((failed: { stdout: string }) => failed)
    expect(stdout).toContain('wx-h5-kit/sandbox/bridge')
    expect(stdout).not.toMatch(/❌/)
  })
})

describe('the command', () => {
  test('prints the version of the package', async () => {
    const manifest: { version: string } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    const { stdout, stderr } = await run(join(packed.folder, 'dist/server/main.js'), ['--version'])
    expect([stdout, stderr]).toEqual([`${manifest.version}\n`, ''])
  })
})

describe('the script for a tag', () => {
  test('defines window.WxH5Kit, which says at once that this is not WeChat', async () => {
    const code = await readFile(join(packed.folder, 'dist/client/wx-h5-kit.min.js'), 'utf8')
    const page = createContext({
      navigator: { userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/132.0.0.0', platform: 'Linux x86_64' },
      location: { href: 'https://h5.example.com/?a=1#/home' },
      addEventListener: () => undefined,
      performance,
      queueMicrotask,
      setTimeout,
      clearTimeout,
    })
    new Script('window = globalThis').runInContext(page)
    new Script(code).runInContext(page)
    expect(new Script('Object.keys(window.WxH5Kit).sort()').runInContext(page)).toEqual(
      await runModule(
        `process.stdout.write(JSON.stringify(Object.keys(await import('wx-h5-kit')).sort()))`,
      ).then(JSON.parse),
    )
    const refused: unknown = await new Script(
      `window.WxH5Kit.createWeixin({ service: 'https://h5.example.com/mp' }).ready().catch(({ code }) => code)`,
    ).runInContext(page)
    expect(refused).toBe('not_in_wechat')
  })
})

const page = `
import { createWeixin, detectEnvironment, isWeixinError, WeixinError } from 'wx-h5-kit'
import type { ReadyStep, ShareReport, Weixin, WeixinErrorCode } from 'wx-h5-kit'

const steps: ReadyStep[] = []
const weixin: Weixin = createWeixin({ service: 'https://h5.example.com/mp', onStep: (step) => steps.push(step) })
const scanned: string | undefined = (await weixin.call('scanQRCode', { needResult: 1 })).resultStr
const report: ShareReport = await weixin.share({ title: 'Menu', imgUrl: '/menu.png' })
const codeOf = (error: unknown): WeixinErrorCode | undefined => (isWeixinError(error) ? error.code : undefined)
console.log(scanned, report.link, codeOf(new WeixinError('failed', 'test')), detectEnvironment().platform)
// @ts-expect-error there is no such API
await weixin.call('scanQrCode')
`

const backend = `
import { createApp, isServiceError, signJsapi, type Config } from 'wx-h5-kit/server'
import { createSandbox, mswHandler, serveSandbox, type Fault } from 'wx-h5-kit/sandbox'
import { installWeixinBridge, type BridgeProfile } from 'wx-h5-kit/sandbox/bridge'

const app = await createApp({ accounts: [] })
const answer: Response = await app.request('/healthz')
const fault: Fault = { kind: 'busy', times: 1 }
const sandbox = createSandbox()
sandbox.addFault(fault)
const port = (config: Config): number => config.listen.port
const profile: BridgeProfile = 'ios'
console.log(answer.status, port, profile, isServiceError(answer), mswHandler, serveSandbox, installWeixinBridge)
// @ts-expect-error the ticket is missing
signJsapi({ nonceStr: 'n', timestamp: 1, url: 'https://h5.example.com/' })
`

describe('the types', () => {
  const compilers = [
    ['5.4', 'typescript-5.4'],
    ['5.9', 'typescript-5.9'],
    ['6.0', 'typescript-6.0'],
    ['7.0', 'typescript'],
  ] as const
  const cases = compilers.flatMap(([version, compiler]) =>
    (['nodenext', 'bundler'] as const).map((resolution) => [version, resolution, compiler] as const),
  )

  test.each(cases)(
    'compile under TypeScript %s with %s',
    async (version, resolution, compiler) => {
      const tsc = join(root, 'node_modules', compiler, 'bin/tsc')
      expect((await run(process.execPath, [tsc, '--version'])).stdout).toContain(`Version ${version}.`)
      await writeFile(join(packed.project, 'page.ts'), page)
      await writeFile(join(packed.project, 'backend.ts'), backend)
      const compile = async (file: string, skipLibCheck: boolean): Promise<string> => {
        const compilerOptions = {
          strict: true,
          noEmit: true,
          target: 'es2022',
          lib: ['es2022', 'dom', 'dom.iterable'],
          types: [],
          module: resolution === 'nodenext' ? 'nodenext' : 'esnext',
          moduleResolution: resolution,
          skipLibCheck,
        }
        await writeFile(
          join(packed.project, 'tsconfig.json'),
          JSON.stringify({ compilerOptions, files: [file] }),
        )
        const outcome = await run(process.execPath, [tsc, '-p', packed.project]).catch(
          (failed: { stdout: string }) => failed,
        )
        return outcome.stdout
      }
      expect(await compile('page.ts', false)).toBe('')
      // Hono's own declarations need TypeScript 5.7, so that an older one must skip them on the Node side.
      expect(await compile('backend.ts', true)).toBe('')
    },
    120_000,
  )
})
