import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { servedFile } from '../../../src/main/security/servedFile'

let folder = ''
let root = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'served-'))
  root = join(folder, 'renderer')
  mkdirSync(join(root, 'assets'), { recursive: true })
  mkdirSync(join(folder, 'renderer-evil'))
  for (const file of [
    'renderer/index.html',
    'renderer/assets/index-1a2b.js',
    'renderer/assets/with space.css',
    'renderer/assets/notes.txt',
    'renderer-evil/secret.js',
    'secret.js',
  ]) {
    writeFileSync(join(folder, file), 'x')
  }
  symlinkSync(join(folder, 'secret.js'), join(root, 'assets', 'link.js'))
  symlinkSync(join(root, 'index.html'), join(root, 'alias.html'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('servedFile', () => {
  it.each([
    ['pixelwise://app/index.html', 'text/html; charset=utf-8'],
    ['pixelwise://app/index.html#part', 'text/html; charset=utf-8'],
    ['pixelwise://app/assets/index-1a2b.js', 'text/javascript; charset=utf-8'],
    ['pixelwise://app/assets/with%20space.css', 'text/css; charset=utf-8'],
    // The address parser itself takes these away before anything is looked up.
    ['pixelwise://app/assets/../index.html', 'text/html; charset=utf-8'],
    ['pixelwise://app/%2e%2e/index.html', 'text/html; charset=utf-8'],
    ['pixelwise://app/alias.html', 'text/html; charset=utf-8'],
  ])('serves %s', async (address, contentType) => {
    expect((await servedFile(root, address))?.contentType).toBe(contentType)
  })

  it.each([
    ['a file above by an encoded slash', 'pixelwise://app/..%2fsecret.js'],
    ['the same in a folder', 'pixelwise://app/assets/..%2f..%2fsecret.js'],
    ['both encoded', 'pixelwise://app/%2e%2e%2fsecret.js'],
    ['encoded twice', 'pixelwise://app/..%252fsecret.js'],
    ['a neighbour whose name begins alike', 'pixelwise://app/..%2frenderer-evil%2fsecret.js'],
    ['a backslash', 'pixelwise://app/..\\secret.js'],
    ['an encoded backslash', 'pixelwise://app/..%5csecret.js'],
    ['an absolute path', 'pixelwise://app//etc/passwd'],
    ['an encoded absolute path', 'pixelwise://app/%2fetc%2fhosts.js'],
    ['a drive', 'pixelwise://app/C:/secret.js'],
    ['an encoded drive', 'pixelwise://app/C%3a/secret.js'],
    ['a server path', 'pixelwise://app/%5c%5cserver%5cshare%5csecret.js'],
    ['a link that leads out', 'pixelwise://app/assets/link.js'],
    ['a zero byte', 'pixelwise://app/index.html%00.js'],
    ['a stream', 'pixelwise://app/index.html:stream.js'],
    ['a trailing dot', 'pixelwise://app/index.html.'],
    ['a trailing space', 'pixelwise://app/index.html%20'],
    ['a broken encoding', 'pixelwise://app/%e0%a4%a.js'],
    ['a very long path', `pixelwise://app/${'a'.repeat(5000)}.js`],
    ['a kind that is not listed', 'pixelwise://app/assets/notes.txt'],
    ['a folder', 'pixelwise://app/assets'],
    ['the root', 'pixelwise://app/'],
    ['a missing file', 'pixelwise://app/missing.js'],
    ['another host', 'pixelwise://other/index.html'],
    ['another scheme', 'https://app/index.html'],
    ['no address', 'index.html'],
  ])('refuses %s', async (_what, address) => {
    expect(await servedFile(root, address)).toBeNull()
  })
})
