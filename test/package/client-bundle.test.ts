import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

interface BundleOptions {
  entry?: string
  /** Source of the entry, for what a page would import. */
  source?: string
  format?: 'es' | 'iife'
}

/** What is loaded when it is needed, by the name of its module. */
const late = ['auth-info', 'call', 'cards', 'debug', 'share']

/** Bundles and minifies as a page's own build would; only an ES bundle leaves packages and late parts outside. */
async function bundle({
  entry = 'client/index.ts',
  source,
  format = 'es',
}: BundleOptions = {}): Promise<string> {
  const page = join(root, 'a-page.js')
  const isLate = (id: string) => format === 'es' && late.some((name) => id === `./${name}.ts`)
  const results = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [
      {
        name: 'page',
        enforce: 'pre',
        resolveId: (id) =>
          id === page
            ? id
            : id === 'wx-h5-kit'
              ? join(root, 'client/index.ts')
              : isLate(id)
                ? { id: id.replace('.ts', '.js'), external: true }
                : undefined,
        load: (id) => (id === page ? source : undefined),
      },
    ],
    build: {
      write: false,
      target: 'es2019',
      lib: { entry: source === undefined ? entry : page, formats: [format], name: 'WxH5Kit' },
      rolldownOptions: {
        external: format === 'es' ? ['weixin-js-sdk', 'js-cookie'] : [],
        output: { minify: true },
      },
    },
  })
  const chunks = [results].flat().flatMap((result) => ('output' in result ? result.output : []))
  expect(chunks).toHaveLength(1)
  const [chunk] = chunks
  if (chunk?.type !== 'chunk') throw new Error('Vite built no client.')
  return chunk.code
}

/** Builds a page with chunks, without what Vite adds to applications of its own. */
async function split(source: string) {
  const page = join(root, 'a-page.js')
  const result = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [
      {
        name: 'page',
        enforce: 'pre',
        resolveId: (id) =>
          id === page ? id : id === 'wx-h5-kit' ? join(root, 'client/index.ts') : undefined,
        load: (id) => (id === page ? source : undefined),
      },
    ],
    build: {
      write: false,
      target: 'es2020',
      lib: { entry: page, formats: ['es'] },
      rolldownOptions: { external: ['weixin-js-sdk', 'js-cookie'], output: { minify: true } },
    },
  })
  return [result]
    .flat()
    .flatMap((built) => ('output' in built ? built.output : []))
    .flatMap((output) => (output.type === 'chunk' ? [output] : []))
}

const gzip = (code: string): number => gzipSync(code).length

describe('the client', () => {
  it('exports exactly this', async () => {
    const client = await import('../../client/index.ts')
    expect(Object.keys(client).sort()).toEqual([
      'WeixinError',
      'createWeixin',
      'detectEnvironment',
      'isWeixinError',
      'parseAuthInfo',
    ])
  })

  it('is at most 6,000 bytes with gzip, without weixin-js-sdk and js-cookie', async () => {
    const size = gzip(await bundle({ source: `export { createWeixin } from 'wx-h5-kit'` }))
    expect(size).toBeGreaterThan(3_000)
    expect(size).toBeLessThanOrEqual(6_000)
  })

  it('is at most 7,000 bytes with everything it exports, and 3,500 with what authInfo() loads', async () => {
    expect(gzip(await bundle())).toBeLessThanOrEqual(7_000)
    const late = await bundle({ entry: 'client/auth-info.ts' })
    expect(late).toContain('authType')
    expect(gzip(late)).toBeLessThanOrEqual(3_500)
  })

  it.each([
    ['call', 3_000, 'scan_result'],
    ['cards', 2_800, 'cards/ext'],
    ['share', 2_400, 'updateTimelineShareData'],
    ['debug', 5_000, 'attachShadow'],
  ])('loads %s late, at most %i bytes with gzip and all it stands on', async (name, bytes, mark) => {
    const part = await bundle({ entry: `client/${name}.ts` })
    expect(part).toContain(mark)
    expect(gzip(part)).toBeLessThanOrEqual(bytes)
    const code = await bundle()
    expect(code).toContain(`./${name}.js`)
    expect(code).not.toContain(mark)
  })

  it('is loaded in parts when a page splits it into chunks, the panel never at once', async () => {
    const chunks = await split(
      `import { createWeixin } from 'wx-h5-kit'; window.weixin = createWeixin({ service: '/' })`,
    )
    const entry = chunks.find(({ isEntry }) => isEntry)
    const atOnce = new Set([entry?.fileName])
    // A set grows while it is walked through: what is imported at once brings what that imports at once.
    for (const name of atOnce)
      for (const next of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) atOnce.add(next)
    const code = chunks.filter(({ fileName }) => atOnce.has(fileName)).map((chunk) => chunk.code)
    expect(code.join('')).toContain('preVerifyJSAPI')
    expect(code.join('')).not.toMatch(/attachShadow|cards\/ext|scan_result/)
    expect(chunks.some((chunk) => chunk.code.includes('attachShadow'))).toBe(true)
  })

  it.each(['es', 'iife'] as const)('knows no secret and no server (%s)', async (format) => {
    const code = await bundle({ format, entry: format === 'es' ? 'client/index.ts' : 'client/script.ts' })
    for (const word of [
      /appsecret/i,
      /app_secret/i,
      /cgi-bin\/token/,
      /jsapi_ticket=/,
      /node:/,
      /\bprocess\b/,
      /\brequire\(/,
    ])
      expect(code).not.toMatch(word)
  })

  it('loads the SDK only when it is needed', async () => {
    const code = await bundle()
    expect(code).toMatch(/import\([`'"]weixin-js-sdk[`'"]\)/)
    expect(code).not.toMatch(/from\s*[`'"]weixin-js-sdk/)
  })

  it('loads what authInfo() needs only when it is called, js-cookie with it', async () => {
    const code = await bundle()
    expect(code).toMatch(/import\([`'"]\.\/auth-info\.js[`'"]\)/)
    expect(code).not.toMatch(/js-cookie|authType|sameSite/)
  })

  it('is dropped where a page does not use it', async () => {
    expect((await bundle({ source: `import 'wx-h5-kit'` })).trim()).toBe('')
    const detection = await bundle({ source: `export { detectEnvironment } from 'wx-h5-kit'` })
    expect(gzip(detection)).toBeLessThan(700)
    expect(detection).not.toContain('weixin-js-sdk')
    const guard = await bundle({ source: `export { isWeixinError } from 'wx-h5-kit'` })
    expect(gzip(guard)).toBeLessThan(200)
    const parser = await bundle({ source: `export { parseAuthInfo } from 'wx-h5-kit'` })
    expect(gzip(parser)).toBeLessThan(2_200)
    expect(parser).not.toMatch(/import\(|location/)
  })

  it('reads the landing URL when it is evaluated, whatever is shaken off', async () => {
    const code = await bundle({ source: `export { createWeixin } from 'wx-h5-kit'` })
    expect(code).toContain('location.href')
    const page = `globalThis.location = { get href() { process.stdout.write('read '); return 'https://h5.example.com/' } }`
    expect(
      await runInNode(`${page}\n;await import('./client.mjs'); process.stdout.write('evaluated')`, code),
    ).toBe('read evaluated')
  })

  it('does nothing and prints nothing in Node', async () => {
    const code = await bundle()
    expect(await runInNode(`await import('./client.mjs')`, code)).toBe('')
  })

  it('rejects in Node without loading the SDK', async () => {
    const code = await bundle()
    const page = `const { createWeixin } = await import('./client.mjs')
      await createWeixin({ service: 'http://127.0.0.1:9' }).ready().catch((error) => process.stdout.write(error.code))`
    expect(await runInNode(page, code)).toBe('not_in_wechat')
  })

  it('is one script with the SDK inside for a tag', async () => {
    const code = await bundle({ entry: 'client/script.ts', format: 'iife' })
    expect(code).toContain('preVerifyJSAPI')
    expect(code).toContain('onBeaconsInRange')
    expect(code).not.toContain('import(')
    const names = await runInNode(
      `const { readFileSync } = await import('node:fs')
      const WxH5Kit = Function(readFileSync(new URL('client.mjs', import.meta.url), 'utf8') + ';return WxH5Kit')()
      process.stdout.write(Object.keys(WxH5Kit).sort().join())`,
      code,
    )
    expect(names).toBe('WeixinError,createWeixin,detectEnvironment,isWeixinError,parseAuthInfo')
  })
})

/** What Node prints, on both streams, when it runs a page beside the client. */
async function runInNode(page: string, client: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wx-h5-kit-'))
  try {
    await writeFile(join(folder, 'client.mjs'), client)
    await writeFile(join(folder, 'page.mjs'), page)
    const { stdout, stderr } = await run(process.execPath, [join(folder, 'page.mjs')])
    return stdout + stderr
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
