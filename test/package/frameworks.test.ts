import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PackedPackage, packPackage } from './packed-package.ts'

// The bindings as users get them: packed and unpacked, on a server, in a bundle, and for the compiler.

const root = fileURLToPath(new URL('../../', import.meta.url))
const run = promisify(execFile)

let packed: PackedPackage
beforeAll(() => {
  packed = packPackage(root)
})
afterAll(() => packed?.remove())

/** What Node prints, on both streams, when it runs this module in the project. */
async function runModule(code: string): Promise<string> {
  const file = join(packed.project, 'frameworks.mjs')
  await writeFile(file, code)
  const { stdout, stderr } = await run(process.execPath, [file])
  return stdout + stderr
}

// Any attempt to reach somebody, or to ask WeChat, would end the process.
const server = `globalThis.fetch = () => { throw new Error('fetched on a server') }
  const share = { title: 'Spring', imgUrl: '/spring.png' }
  const options = { service: 'https://mem.example.com/mp' }`

describe('on a server', () => {
  test('vue renders an idle page and does nothing else', async () => {
    const html = await runModule(`${server}
      const { createSSRApp, h } = await import('vue')
      const { renderToString } = await import('vue/server-renderer')
      const { useWeixin } = await import('wx-h5-kit/vue')
      const app = createSSRApp({
        setup() {
          const { status, environment } = useWeixin(options, { share: () => share })
          return () => h('p', status.value + ' ' + environment.value.client)
        },
      })
      process.stdout.write(await renderToString(app))`)
    expect(html).toBe('<p>idle none</p>')
  })

  test('react renders an idle page and does nothing else', async () => {
    const html = await runModule(`${server}
      const { createElement } = await import('react')
      const { renderToString } = await import('react-dom/server')
      const { useWeixin } = await import('wx-h5-kit/react')
      const Page = () => {
        const { status, environment } = useWeixin(options, { share, deps: [1] })
        return createElement('p', null, status + ' ' + environment.client)
      }
      process.stdout.write(renderToString(createElement(Page)))`)
    expect(html).toBe('<p>idle none</p>')
  })

  test.each(['vue', 'react'])('importing wx-h5-kit/%s prints nothing and gives one thing', async (name) => {
    expect(
      await runModule(`process.stdout.write(Object.keys(await import('wx-h5-kit/${name}')).join())`),
    ).toBe('useWeixin')
  })
})

test('all entries of the client together read the landing URL once', async () => {
  const reads = await runModule(`let reads = 0
    globalThis.location = { get href() { reads += 1; return 'https://h5.example.com/' } }
    await import('wx-h5-kit')
    await import('wx-h5-kit/vue')
    await import('wx-h5-kit/react')
    process.stdout.write(String(reads))`)
  expect(reads).toBe('1')
})

test.each(['vue', 'react'])('a page of %s gets one client and less than 1,000 bytes more', async (name) => {
  const size = async (source: string): Promise<{ bytes: number; code: string }> => {
    const page = join(packed.project, 'page.js')
    await writeFile(page, source)
    const results = await build({
      root: packed.project,
      configFile: false,
      logLevel: 'warn',
      publicDir: false,
      build: {
        write: false,
        lib: { entry: page, formats: ['es'] },
        rolldownOptions: {
          external: ['weixin-js-sdk', 'js-cookie', 'vue', 'react'],
          output: { minify: true },
        },
      },
    })
    const outputs = [results].flat().flatMap((result) => ('output' in result ? result.output : []))
    const code = outputs.map((output) => (output.type === 'chunk' ? output.code : '')).join('\n')
    return { bytes: gzipSync(code).length, code }
  }
  const alone = await size(`export { createWeixin } from 'wx-h5-kit'`)
  const both = await size(
    `export { createWeixin } from 'wx-h5-kit'\nexport { useWeixin } from 'wx-h5-kit/${name}'`,
  )
  expect(both.bytes).toBeLessThan(alone.bytes + 1_000)
  expect(both.code.split('WeixinJSBridgeReady')).toHaveLength(2)
})

describe('the types', () => {
  const page = `
    import { createElement } from 'react'
    import { computed, defineComponent } from 'vue'
    import { createWeixin, type WeixinError } from 'wx-h5-kit'
    import { useWeixin as useInReact } from 'wx-h5-kit/react'
    import { useWeixin as useInVue, type WeixinState } from 'wx-h5-kit/vue'

    const weixin = createWeixin({ service: 'https://h5.example.com/mp' })
    export const VuePage = defineComponent({
      setup() {
        const { status, error } = useInVue(weixin, { share: () => ({ title: 'T', imgUrl: '/t.png' }) })
        const problem = computed((): WeixinError | undefined => error.value)
        return { status, problem }
      },
    })
    export function ReactPage() {
      const { status, ready } = useInReact(weixin, { deps: [1] })
      const known: WeixinState['status'] = status
      return createElement('button', { onClick: () => ready() }, known)
    }
    // @ts-expect-error the image is missing
    useInReact(weixin, { share: { title: 'T' } })
    // @ts-expect-error a getter, so that it can be followed
    useInVue(weixin, { share: { title: 'T', imgUrl: '/t.png' } })
  `
  test.each([
    ['5.4', 'typescript-5.4', 'bundler'],
    ['5.9', 'typescript-5.9', 'nodenext'],
    ['7.0', 'typescript', 'bundler'],
    ['7.0', 'typescript', 'nodenext'],
  ])(
    'compile under TypeScript %s',
    async (_version, compiler, resolution) => {
      await writeFile(join(packed.project, 'frameworks.ts'), page)
      const compilerOptions = {
        strict: true,
        noEmit: true,
        target: 'es2022',
        lib: ['es2022', 'dom', 'dom.iterable'],
        types: [],
        skipLibCheck: true,
        module: resolution === 'nodenext' ? 'nodenext' : 'esnext',
        moduleResolution: resolution,
      }
      const settings = join(packed.project, 'tsconfig.frameworks.json')
      await writeFile(settings, JSON.stringify({ compilerOptions, files: ['frameworks.ts'] }))
      const tsc = join(root, 'node_modules', compiler, 'bin/tsc')
      const { stdout } = await run(process.execPath, [tsc, '-p', settings]).catch(
        (failed: { stdout: string }) => failed,
      )
      expect(stdout).toBe('')
    },
    120_000,
  )

  test('the frameworks are optional', async () => {
    const manifest = JSON.parse(await readFile(join(packed.folder, 'package.json'), 'utf8'))
    const names = Object.keys(manifest.peerDependencies)
    expect(names.sort()).toEqual(['react', 'vue'])
    for (const name of names) {
      expect(manifest.peerDependenciesMeta[name]).toEqual({ optional: true })
      expect(manifest.dependencies).not.toHaveProperty(name)
    }
  })
})
