import { execFile } from 'node:child_process'
import { chmod, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build, type InlineConfig } from 'vite'

// Everything that is shipped: `tsc` turns the Node side into ESM one to one and writes all declarations,
// Vite bundles what runs in a browser.

const root = fileURLToPath(new URL('.', import.meta.url))
const run = promisify(execFile)
const tsc = (...args: string[]) =>
  run(process.execPath, ['node_modules/typescript/bin/tsc', ...args], { cwd: root })

const browser = (config: InlineConfig): Promise<unknown> =>
  build({ root, configFile: false, logLevel: 'warn', publicDir: false, ...config })

const library = (
  entry: string,
  outDir: string,
  format: 'es' | 'iife',
  fileName: string,
  name?: string,
): Promise<unknown> =>
  browser({
    // One script cannot load a part of itself late: the debug panel is a second one.
    resolve: {
      alias:
        format === 'iife'
          ? [{ find: /^\.\/load-debug\.ts$/, replacement: `${root}client/load-debug-script.ts` }]
          : [],
    },
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2019',
      minify: format === 'iife',
      sourcemap: format === 'es',
      lib: { entry, formats: [format], fileName: () => fileName, ...(name === undefined ? {} : { name }) },
    },
  })

/** One file a module: a page's own bundler then leaves out, or loads late, what the page does not need at once. */
const modules = (folder: string, ...entries: string[]): Promise<unknown> =>
  browser({
    build: {
      outDir: `dist/${folder}`,
      emptyOutDir: false,
      target: 'es2019',
      minify: false,
      sourcemap: true,
      lib: {
        entry: entries.map((entry) => `${folder}/${entry}.ts`),
        formats: ['es'],
        fileName: (_format, name) => `${name}.js`,
      },
      rolldownOptions: {
        external: ['weixin-js-sdk', 'js-cookie', 'vue', 'react'],
        output: { preserveModules: true, preserveModulesRoot: folder },
      },
    },
  })

const site = (folder: string, alias: Record<string, string> = {}): Promise<unknown> =>
  browser({
    root: `${root}${folder}`,
    base: './',
    resolve: { alias },
    build: { outDir: `${root}dist/${folder}`, emptyOutDir: true, target: 'es2020' },
  })

await rm(`${root}dist`, { recursive: true, force: true })
await Promise.all([
  tsc('-p', 'server'),
  tsc('-p', 'client'),
  modules('client', 'index', 'vue', 'react'),
  library('client/script.ts', 'dist/client', 'iife', 'wx-h5-kit.min.js', 'WxH5Kit'),
  library('client/debug.ts', 'dist/client', 'iife', 'wx-h5-kit.debug.min.js', 'WxH5KitDebug'),
  library('demo/sandbox/bridge/index.ts', 'dist/demo/sandbox/bridge', 'es', 'index.js'),
  library(
    'demo/sandbox/bridge/index.ts',
    'dist/demo/sandbox/bridge',
    'iife',
    'bridge.min.js',
    'WeixinSandbox',
  ),
  site('demo/page'),
  site('demo/phone'),
  // Its template stands in the source as text, so that the page needs no plugin.
  site('demo/vue', { vue: 'vue/dist/vue.esm-bundler.js' }),
  site('demo/react'),
]).catch((error: unknown) => {
  const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : ''
  console.error(output === '' ? error : output)
  process.exit(1)
})
await chmod(`${root}dist/server/main.js`, 0o755)
