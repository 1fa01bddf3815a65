import { execFile } from 'node:child_process'
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build, type InlineConfig, type Plugin } from 'vite'

// Everything that is shipped: `tsc` turns the Node side into ESM one to one and writes all declarations,
// Vite bundles what runs in a browser, and the binary.

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

/** Not worth it (they are loaded only where they are configured), or not possible (a binary of the machine). */
const besideTheBinary = ['libsql', 'ioredis', 'pg', 'rate-limiter-flexible']

/**
 * Puts the binary and what it needs into a few files: Node takes longer to find and read eight hundred small ones
 * than the service takes to start.
 */
async function bundleBinary(): Promise<void> {
  const folder = `${root}dist/server/bin`
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [licenses()],
    ssr: { target: 'node', noExternal: true, external: besideTheBinary },
    build: {
      ssr: `${root}dist/server/cli/run.js`,
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        external: [/\/demo\//],
        output: { entryFileNames: 'run.js', chunkFileNames: '[name].js' },
      },
    },
  })
  const main = `${root}dist/server/main.js`
  const text = await readFile(main, 'utf8')
  if (!text.includes("'./cli/run.js'")) throw new Error(`${main} does not load ./cli/run.js`)
  await writeFile(main, text.replace("'./cli/run.js'", "'./bin/run.js'"))
  await chmod(main, 0o755)
}

/** Writes the licenses of everything that was bundled beside the bundle. */
function licenses(): Plugin {
  return {
    name: 'licenses',
    async generateBundle() {
      const folders = new Set<string>()
      for (const id of this.getModuleIds()) {
        const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0]
        if (folder !== undefined) folders.add(folder)
      }
      const texts = await Promise.all([...folders].sort().map(licenseOf))
      this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source: texts.join('\n\n---\n\n') })
    },
  }
}

async function licenseOf(folder: string): Promise<string> {
  const { name, version, license }: Record<string, string> = JSON.parse(
    await readFile(`${folder}/package.json`, 'utf8'),
  )
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each))
  const text = file === undefined ? '' : (await readFile(`${folder}/${file}`, 'utf8')).trim()
  return `${name} ${version} (${license})\n\n${text}`
}

await rm(`${root}dist`, { recursive: true, force: true })
await Promise.all([
  tsc('-p', 'server').then(bundleBinary),
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
