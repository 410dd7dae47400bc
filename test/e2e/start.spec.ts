import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from '@playwright/test'
import { findRuntime } from '../../tools/setup/electron.mjs'
import { sandboxFlags } from '../../tools/setup/sandbox.mjs'
import { ask, opened } from './support/ask'
import { launch, type Launched } from './support/launch'

/* How the application starts, ends and survives, in the real processes. */

let dataFolder = ''
let launched: Launched | null = null

test.beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'pixelwise-start-'))
})
test.afterEach(async () => {
  await launched?.close()
  launched = null
  rmSync(dataFolder, { recursive: true, force: true })
})

async function start(): Promise<Launched> {
  launched = await launch({ dataFolder })
  return launched
}

async function stop(): Promise<void> {
  await launched?.close()
  launched = null
}

/** What the whole-image explanation of the tissue is asked with. */
const why = {
  method: 'epsilon-plus-flat',
  parameters: { epsilon: 0.001 },
  target: { kind: 'top' },
  start: 'logit',
  scope: { kind: 'tile', x: 64, y: 64 },
}

function overwrite(file: string, bytes: Uint8Array, position: number): void {
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, bytes, 0, bytes.length, position)
  closeSync(descriptor)
}

test('the first start opens the tissue sample, the second start opens it again', async () => {
  const first = await start()
  const { session } = await opened(first.page)
  expect(session.name).toBe('IHC colon, demonstration')
  expect(await ask(first.page, 'sessions.list')).toHaveLength(3)
  await stop()
  const second = await start()
  expect((await opened(second.page)).session.id).toBe(session.id)
  expect(await ask(second.page, 'sessions.list')).toHaveLength(3)
})

test('what was saved before a kill is there after it', async () => {
  const first = await start()
  const { imageId } = await opened(first.page)
  await ask(first.page, 'review.apply', {
    imageId,
    command: { kind: 'set-verdict', patch: { decision: 'agree', comment: 'clear' } },
  })
  await first.kill()
  launched = null
  const second = await start()
  const { review, undo } = await ask(second.page, 'review.get', { imageId })
  expect(review.verdict).toMatchObject({ decision: 'agree', comment: 'clear' })
  expect(undo).not.toBeNull()
})

test('a second start brings the open window to the front and ends', async () => {
  await start()
  const runtime = findRuntime()
  if (!runtime) throw new Error('no runtime')
  const root = resolve(import.meta.dirname, '..', '..')
  const second = spawnSync(runtime.executable, [...sandboxFlags(), root], {
    env: { ...process.env, PIXELWISE_DATA_FOLDER: dataFolder },
    encoding: 'utf8',
    timeout: 20_000,
  })
  expect(second.status).toBe(0)
  expect(second.stderr).toContain('Pixelwise is open already')
})

test('the window opens where and as large as it was left', async () => {
  const first = await start()
  const bounds = { x: 40, y: 50, width: 1100, height: 720 }
  await first.app.evaluate(({ BrowserWindow }, place) => {
    BrowserWindow.getAllWindows()[0]?.setBounds(place)
  }, bounds)
  await stop()
  const second = await start()
  const size = await second.app.evaluate(({ BrowserWindow }) => {
    const { width, height } = BrowserWindow.getAllWindows()[0]?.getBounds() ?? {}
    return { width, height }
  })
  expect(size).toEqual({ width: 1100, height: 720 })
})

test('data of a newer program is refused with a sentence, and not touched', async () => {
  await start()
  await stop()
  // `user_version` is the four bytes at 60 of an SQLite file, big-endian.
  overwrite(join(dataFolder, 'pixelwise.db'), Uint8Array.of(0, 0, 3, 231), 60)
  const { page } = await start()
  await expect(page.getByText(/newer/i).first()).toBeVisible()
  expect(readdirSync(dataFolder)).not.toContain('quarantine')
  const reply = await page.evaluate(() => window.pixelwise.call['app.info'](undefined))
  expect(reply).toMatchObject({ ok: false, error: { code: 'storage-newer' } })
})

test('a damaged database is put aside, said so, and the program works', async () => {
  await start()
  await stop()
  overwrite(join(dataFolder, 'pixelwise.db'), new Uint8Array(8192).fill(7), 0)
  const { page } = await start()
  const { notices } = await ask(page, 'app.info')
  expect(notices.map(({ code }) => code)).toContain('storage-corrupt')
  await expect(page.getByText(notices[0]?.message ?? 'no notice').first()).toBeVisible()
  expect(readdirSync(dataFolder)).toContain('quarantine')
  expect((await opened(page)).session.name).toBe('IHC colon, demonstration')
})

test('an engine that dies is started again; the same request then works', async () => {
  const { app, page } = await start()
  const { imageId } = await opened(page)
  const explain = () =>
    page.evaluate(
      ([id, spec]) =>
        window.pixelwise.call['analysis.explain']({
          jobId: crypto.randomUUID(),
          imageId: id,
          spec,
        }),
      [imageId, why] as const,
    )
  // Listened for before the kill, in a call of its own: main and the page are two connections.
  await page.evaluate(() => {
    const told = new Promise((done) => {
      window.pixelwise.on['engine.restarted'](done)
    })
    Reflect.set(globalThis, 'told', told)
  })
  const killed = await app.evaluate(({ app: electron }) => {
    const engine = electron.getAppMetrics().find(({ name }) => name === 'Pixelwise engine')
    if (engine) process.kill(engine.pid, 'SIGKILL')
    return engine !== undefined
  })
  expect(killed).toBe(true)
  const told: unknown = await page.evaluate(() => Reflect.get(globalThis, 'told'))
  expect(told).toMatchObject({ error: { code: 'engine-crashed' } })
  expect(await explain()).toMatchObject({ ok: true })
})

test('a running explanation can be cancelled, and the next one works', async () => {
  const { page } = await start()
  const { imageId } = await opened(page)
  const replies = await page.evaluate(
    async ([id, spec]) => {
      const explain = (jobId: string, scope: unknown) =>
        window.pixelwise.call['analysis.explain']({ jobId, imageId: id, spec: { ...spec, scope } })
      const jobId = crypto.randomUUID()
      const begun = new Promise((done) => {
        window.pixelwise.on['job.progress']((payload) => {
          if (JSON.stringify(payload).includes(jobId)) done(undefined)
        })
      })
      const cancelled = explain(jobId, { kind: 'whole' })
      await begun
      await window.pixelwise.call['jobs.cancel']({ jobId })
      return [await cancelled, await explain(crypto.randomUUID(), spec.scope)]
    },
    [imageId, why] as const,
  )
  expect(replies[0]).toMatchObject({ ok: false, error: { code: 'cancelled' } })
  expect(replies[1]).toMatchObject({ ok: true })
})

test('a page that dies is opened again with what was saved', async () => {
  const { app, page } = await start()
  const { imageId } = await opened(page)
  await ask(page, 'review.apply', {
    imageId,
    command: { kind: 'set-verdict', patch: { decision: 'unsure' } },
  })
  const after = await app.evaluate(async ({ BrowserWindow, dialog }, id) => {
    const said: string[] = []
    Reflect.set(dialog, 'showMessageBox', (...args: readonly unknown[]) => {
      said.push(JSON.stringify(args.at(-1)))
      return Promise.resolve({ response: 0, checkboxChecked: false })
    })
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    const again = new Promise<void>((done) => {
      contents?.once('did-finish-load', () => {
        done()
      })
    })
    contents?.forcefullyCrashRenderer()
    await again
    const code = `pixelwise.call['review.get']({ imageId: '${id}' })`
    const reply: unknown = await contents?.executeJavaScript(code)
    return { said, reply }
  }, imageId)
  expect(after.said.join()).toContain('was opened again')
  expect(after.reply).toMatchObject({
    ok: true,
    value: { review: { verdict: { decision: 'unsure' } } },
  })
})
