import { expect, test, type Page } from '@playwright/test'
import { channelNames } from '../../src/main/ipc/names'
import { events } from '../../src/shared/ipc/contract'
import { launch, type Launched } from './support/launch'

/*
 * What the window may not do, tried from inside it. The tables themselves are tested in
 * test/main/security; here they are seen to be in force.
 */
let launched: Launched
let page: Page
const warnings: string[] = []

test.beforeAll(async () => {
  launched = await launch({ env: { ELECTRON_ENABLE_SECURITY_WARNINGS: '1' } })
  page = launched.page
  page.on('console', (message) => {
    if (message.text().includes('Electron Security Warning')) warnings.push(message.text())
  })
  await page.reload()
  await page.waitForLoadState('load')
})
test.afterAll(async () => {
  await launched.close()
})

/**
 * Runs code as the page itself would: what a debugger evaluates is exempt from the policy,
 * what a timer of the page calls is not. Counts the violations it caused.
 */
async function violations(attempt: () => unknown): Promise<string[]> {
  return page.evaluate(async (source) => {
    const found: string[] = []
    const note = (event: SecurityPolicyViolationEvent): void => {
      found.push(event.effectiveDirective)
    }
    document.addEventListener('securitypolicyviolation', note)
    // A function expression from the test's own source; evaluated here, where it is allowed.
    // oxlint-disable-next-line no-eval -- only so does the policy see it as the page's own
    const run: () => unknown = (0, eval)(`(${source})`)
    await new Promise<void>((resolve) => {
      setTimeout(() => {
        Promise.resolve()
          .then(run)
          .catch(() => undefined)
          .finally(() => setTimeout(resolve, 300))
      }, 0)
    })
    document.removeEventListener('securitypolicyviolation', note)
    // The policy stands in the header and in the page, so that each is told twice.
    return [...new Set(found)]
  }, attempt.toString())
}

test('the page is ours, and holds nothing of Node or Electron', async () => {
  expect(await page.evaluate(() => [location.protocol, isSecureContext])).toEqual([
    'pixelwise:',
    true,
  ])
  const names = ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer']
  expect(await page.evaluate((all) => all.filter((name) => name in globalThis), names)).toEqual([])
})

test('the bridge has the functions of the contract and no other', async () => {
  const found = await page.evaluate(() => ({
    bridge: Object.keys(window.pixelwise).sort(),
    call: Object.keys(window.pixelwise.call).sort(),
    on: Object.keys(window.pixelwise.on).sort(),
  }))
  expect(found).toEqual({
    bridge: ['call', 'on', 'pathsOf'],
    call: [...channelNames()].sort(),
    on: Object.keys(events).sort(),
  })
})

test('a request that breaks the contract is refused with a sentence', async () => {
  const reply = await page.evaluate(() =>
    window.pixelwise.call['images.bytes']({ id: '../../etc/passwd' }),
  )
  expect(reply).toMatchObject({ ok: false, error: { code: 'invalid-input' } })
})

test('the window is sandboxed, isolated and without Node', async () => {
  const preferences = await launched.app.evaluate(({ BrowserWindow }) => {
    // The function that tells is not in Electron's documentation, hence not in its types.
    const read = (contents: object): Record<string, unknown> => {
      const last: unknown = Reflect.get(contents, 'getLastWebPreferences')
      return typeof last === 'function' ? Reflect.apply(last, contents, []) : {}
    }
    return BrowserWindow.getAllWindows().map(({ webContents }) => {
      const { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity } =
        read(webContents)
      const spelling = webContents.session.isSpellCheckerEnabled()
      return { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity, spelling }
    })
  })
  expect(preferences).toEqual([
    {
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      webSecurity: true,
      spelling: false,
    },
  ])
})

test('inline scripts do not run', async () => {
  const found = await violations(() => {
    const script = document.createElement('script')
    script.textContent = 'globalThis.inlineRan = true'
    document.body.append(script)
  })
  expect(found).toEqual(['script-src-elem'])
  expect(await page.evaluate(() => 'inlineRan' in globalThis)).toBe(false)
})

test('attributes do not run', async () => {
  const found = await violations(() => {
    const button = document.createElement('button')
    button.setAttribute('onclick', 'globalThis.attributeRan = true')
    button.click()
  })
  expect(found).toEqual(['script-src-attr'])
})

test('text is not turned into code', async () => {
  // oxlint-disable-next-line typescript/no-implied-eval -- that it fails is the point
  expect(await violations(() => setTimeout('globalThis.textRan = true', 0))).toEqual(['script-src'])
  // oxlint-disable-next-line typescript/no-implied-eval -- that it fails is the point
  expect(await violations(() => new Function('return 1'))).toEqual(['script-src'])
  expect(await page.evaluate(() => 'textRan' in globalThis)).toBe(false)
})

test('nothing is fetched from elsewhere', async () => {
  expect(await violations(() => fetch('https://example.org/'))).toEqual(['connect-src'])
  expect(await violations(() => fetch('file:///etc/passwd'))).toEqual(['connect-src'])
  expect(await violations(() => new WebSocket('wss://example.org/'))).toEqual(['connect-src'])
  expect(
    await violations(() => {
      new Image().src = 'https://example.org/pixel.png'
    }),
  ).toEqual(['img-src'])
  expect(
    await violations(() => {
      const style = document.createElement('style')
      style.textContent = 'body { display: none }'
      document.head.append(style)
      style.remove()
    }),
  ).toEqual(['style-src-elem'])
})

test('main itself has no network: the filter stops what no policy sees', async () => {
  const outcome = await launched.app.evaluate(async ({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    if (!window) return 'no window'
    return window.webContents.session.fetch('https://example.org/').then(
      () => 'fetched',
      (thrown: unknown) => String(thrown),
    )
  })
  expect(outcome).toContain('ERR_BLOCKED_BY_CLIENT')
})

test('only listed files of the program are served', async () => {
  const statuses = await page.evaluate(async () => {
    const addresses = ['index.html', '..%2f..%2fpackage.json', 'package.json', '%2fetc%2fpasswd']
    const replies = addresses.map((address) => fetch(`pixelwise://app/${address}`))
    return (await Promise.all(replies)).map(({ status }) => status)
  })
  expect(statuses).toEqual([200, 404, 404, 404])
})

test('no window opens and no frame attaches', async () => {
  expect(await page.evaluate(() => window.open('https://example.org/'))).toBeNull()
  expect(await page.evaluate(() => window.open('pixelwise://app/index.html'))).toBeNull()
  expect(
    await violations(() => {
      const frame = document.createElement('iframe')
      frame.src = 'https://example.org/'
      document.body.append(frame)
    }),
  ).toEqual(['frame-src'])
  expect(await page.evaluate(() => 'loadURL' in document.createElement('webview'))).toBe(false)
  expect(launched.app.windows()).toHaveLength(1)
})

test('the window cannot be led elsewhere', async () => {
  const before = page.url()
  for (const target of ['https://example.org/', 'file:///etc/passwd', 'data:text/html,x']) {
    await page.evaluate((address) => {
      location.href = address
    }, target)
    await page.waitForTimeout(200)
    expect(page.url()).toBe(before)
  }
})

test('camera, notifications, place, devices and files are refused', async () => {
  const outcomes = await page.evaluate(async () => {
    const name = (thrown: unknown): string => (thrown instanceof Error ? thrown.name : 'thrown')
    const camera = navigator.mediaDevices.getUserMedia({ video: true }).then(() => 'granted', name)
    const screen = navigator.mediaDevices
      .getDisplayMedia({ video: true })
      .then(() => 'granted', name)
    const place = new Promise<string>((resolve) => {
      navigator.geolocation.getCurrentPosition(
        () => resolve('granted'),
        (error) => resolve(error.code === error.PERMISSION_DENIED ? 'denied' : 'other'),
      )
    })
    const reading = navigator.clipboard.readText().then(() => 'granted', name)
    const asked = await navigator.permissions.query({ name: 'camera' })
    return {
      camera: await camera,
      cameraState: asked.state,
      screen: await screen,
      place: await place,
      reading: await reading,
      notifications: await Notification.requestPermission(),
    }
  })
  expect(outcomes).toEqual({
    // Where there is no camera at all, that is what the page is told.
    camera: expect.stringMatching(/^Not(Allowed|Found)Error$/),
    cameraState: 'denied',
    screen: expect.stringMatching(/^(NotAllowed|InvalidState|NotSupported|Abort)Error$/),
    place: 'denied',
    reading: 'NotAllowedError',
    notifications: 'denied',
  })
})

test('Electron has no security warning to give', () => {
  expect(warnings).toEqual([])
})
