import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The package as `npm install` would unpack it, in a project that uses it. */
export interface PackedPackage {
  /** The tarball that `npm pack` made. */
  readonly tarball: string
  /** Paths of all files in it. */
  readonly files: readonly string[]
  /** A project folder; the package is in its `node_modules`. */
  readonly project: string
  /** The package in the project. */
  readonly folder: string
  remove(): void
}

/**
 * Packs the built package and unpacks it into a project inside the repository's `node_modules`, where its
 * dependencies are found.
 *
 * @throws {Error} when there is no build
 */
export function packPackage(root: string): PackedPackage {
  for (const built of ['dist/server/main.js', 'dist/client/index.js', 'dist/demo/phone/index.html']) {
    if (!existsSync(join(root, built))) throw new Error(`${built} is missing. Build first: npm run build`)
  }
  const cache = join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const project = mkdtempSync(join(cache, 'consumer-'))
  const folder = join(project, 'node_modules/wx-h5-kit')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(project, 'package.json'), '{"type":"module","private":true}')
  const packed: Packed | Packed[] | Record<string, Packed> = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', project], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  )
  const { filename, files } = theOnly(packed)
  const tarball = join(project, filename)
  execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1'])
  return {
    tarball,
    files: files.map(({ path }) => path),
    project,
    folder,
    remove: () => rmSync(project, { recursive: true, force: true }),
  }
}

interface Packed {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

// npm up to 11 answers with a list, later ones with an object by name.
function theOnly(packed: Packed | Packed[] | Record<string, Packed>): Packed {
  const [first] = Object.values(packed) as Packed[]
  if (first === undefined) throw new Error('npm pack made nothing.')
  return first
}
