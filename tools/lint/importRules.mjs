/**
 * Which folder of src may import what. Imports go one way, and every refusal says where the code
 * belongs instead.
 *
 * @typedef {{
 *   readonly mayImport: readonly string[],
 *   readonly belongs: string,
 *   readonly packages: readonly string[],
 *   readonly node: boolean,
 * }} Folder
 */

/** @type {Readonly<Record<string, Folder>>} */
export const folders = {
  shared: {
    mayImport: [],
    packages: [],
    node: false,
    belongs:
      'src/shared is what both sides speak and imports nothing of Node, the DOM or Electron: put what needs more into the folder that uses it.',
  },
  engine: {
    mayImport: ['shared'],
    packages: ['onnxruntime-node'],
    node: true,
    belongs:
      'src/engine also runs without Electron and without a database: put what joins it with others into src/main or src/cli, and what both sides speak into src/shared.',
  },
  store: {
    mayImport: ['shared'],
    packages: ['better-sqlite3'],
    node: true,
    belongs:
      'src/store only keeps what it is given: put what joins it with others into src/main or src/cli, and what both sides speak into src/shared.',
  },
  report: {
    mayImport: ['shared'],
    packages: [],
    node: true,
    belongs:
      'src/report turns a report model into documents: put what gathers the model into src/main or src/cli, and what both sides speak into src/shared.',
  },
  main: {
    mayImport: ['store', 'report', 'shared'],
    packages: ['electron'],
    node: true,
    belongs:
      'src/main speaks to the engine through its client in src/main/engine and to the window through src/main/ipc: put computing into src/engine, and what both sides speak into src/shared.',
  },
  preload: {
    mayImport: ['shared'],
    packages: ['electron'],
    node: false,
    belongs:
      'src/preload is the bridge and nothing else: put what needs Node into src/main, and the contract into src/shared.',
  },
  renderer: {
    mayImport: ['shared'],
    packages: ['konva', 'react'],
    node: false,
    belongs:
      'src/renderer is sandboxed: put what needs Node, files or Electron behind a channel of src/shared/ipc, and what both sides speak into src/shared.',
  },
  cli: {
    mayImport: ['engine', 'store', 'report', 'shared'],
    packages: [],
    node: true,
    belongs:
      'src/cli runs in plain Node: put what it shares with the application into src/engine, src/store, src/report or src/shared.',
  },
}

/** Packages with one home: name → the specifiers that mean it, and where they belong. */
const homes = {
  electron: {
    regex: '^electron($|/)',
    message: 'Electron is for src/main and src/preload alone: put this behind one of them.',
  },
  'better-sqlite3': {
    regex: '^better-sqlite3($|/)',
    message: 'SQLite is for src/store alone: give the store a function for this.',
  },
  'onnxruntime-node': {
    regex: '^onnxruntime-',
    message:
      'ONNX Runtime is for src/engine alone, because it blocks its thread: ask the engine process.',
  },
  konva: {
    regex: '^(react-)?konva($|/)',
    message: 'Konva is for src/renderer alone: put what draws there.',
  },
  react: {
    regex: '^(react|react-dom|zustand)($|/)',
    message: 'React and its state are for src/renderer alone: put what the screen shows there.',
  },
}

/** How deep below its folder of src a file may lie for the rules to hold. */
const deepest = 5

/**
 * The two doors of inter-process communication. Each is open in one folder.
 *
 * @param {string} at folder below src
 */
function doors(at) {
  const closed = []
  if (!at.startsWith('main/ipc')) closed.push('ipcMain')
  if (!at.startsWith('preload')) closed.push('ipcRenderer')
  return {
    name: 'electron',
    importNames: closed,
    message:
      'Messages cross in src/main/ipc and src/preload alone: add a channel to src/shared/ipc instead.',
  }
}

/**
 * The options of no-restricted-imports for the files that lie `depth` folders below `src/<name>`.
 * Relative specifiers are told apart by their number of leading `../`, so that `../engine/client`
 * in src/main/handlers is main's own folder and `../../engine/…` the engine.
 *
 * @param {string} name
 * @param {Folder} folder
 * @param {number} depth
 * @param {string} at folder below src that the files lie in
 */
function restrictions(name, folder, depth, at) {
  const up = depth === 0 ? '\\.\\./' : `(\\.\\./){${depth + 1}}`
  const others = Object.keys(folders).filter(
    (other) => other !== name && !folder.mayImport.includes(other),
  )
  const patterns = [
    { regex: `^${up}(${others.join('|')})(/|$)`, message: folder.belongs },
    // Nothing of the product hangs on its tools, its tests or its built output.
    { regex: `^${up}\\.\\./(tools|test|out|docs|node_modules)/`, message: folder.belongs },
  ]
  if (!folder.node) patterns.push({ regex: '^node:', message: folder.belongs })
  for (const [home, { regex, message }] of Object.entries(homes)) {
    if (!folder.packages.includes(home)) patterns.push({ regex, message })
  }
  return { paths: folder.packages.includes('electron') ? [doors(at)] : [], patterns }
}

/**
 * One lint override per folder of src and depth; a later one wins over an earlier.
 *
 * @returns {{ files: string[], rules: Record<string, unknown> }[]}
 */
export function importOverrides() {
  return Object.entries(folders).flatMap(([name, folder]) => {
    const at = name === 'main' ? [name, 'main/ipc'] : [name]
    return at.flatMap((place) => {
      const inner = place.split('/').length - 1
      return Array.from({ length: deepest - inner }, (_, level) => ({
        files: [`src/${place}/${'*/'.repeat(level)}*.{ts,tsx}`],
        rules: {
          'no-restricted-imports': ['error', restrictions(name, folder, inner + level, place)],
        },
      }))
    })
  })
}
