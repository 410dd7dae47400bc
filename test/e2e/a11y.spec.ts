import type { Page } from '@playwright/test'
import { seriousFindings } from './support/accessibility'
import { explained, expect, resize, test } from './support/journey'
import { drag, stage } from './support/stage'

/* That everyone can use it: names, focus, contrast, keys, small windows, in both themes. */

interface View {
  readonly name: string
  readonly open: (page: Page) => Promise<void>
  readonly close?: (page: Page) => Promise<void>
}

const escape = (page: Page) => page.keyboard.press('Escape')

async function dialog(page: Page, keys: string, name: string): Promise<void> {
  await page.keyboard.press(keys)
  await expect(page.getByRole('dialog', { name })).toBeVisible()
}

/** In an order in which each can be reached from the one before. */
const views: readonly View[] = [
  { name: 'review', open: (page) => explained(page) },
  {
    name: 'ledger',
    open: (page) => dialog(page, 'g', 'Conservation ledger'),
    close: escape,
  },
  {
    name: 'settings',
    open: (page) => dialog(page, 'Control+,', 'Settings'),
    close: escape,
  },
  {
    name: 'palette',
    open: (page) => dialog(page, 'Control+k', 'Command palette'),
    close: escape,
  },
  {
    name: 'shortcuts',
    open: (page) => dialog(page, '?', 'Keyboard shortcuts'),
    close: escape,
  },
  {
    name: 'colour options',
    open: async (page) => {
      await page.getByRole('button', { name: /^Colours:/ }).click()
      await expect(page.getByRole('radio', { name: /^Jet/ })).toBeVisible()
    },
    close: escape,
  },
  {
    name: 'report',
    open: async (page) => {
      await page.keyboard.press('Control+p')
      await expect(page.getByRole('main', { name: 'Preview' })).toContainText('DAB-positive')
    },
    close: async (page) => {
      await page.getByRole('button', { name: '← Back to the images' }).click()
      await explained(page)
    },
  },
  {
    name: 'new session',
    open: async (page) => {
      await page.keyboard.press('Control+n')
      await page.getByRole('group', { name: 'Sample models' }).getByRole('button').first().click()
      await expect(page.getByText(/nodes can be explained/)).toBeVisible()
    },
  },
  {
    name: 'start',
    open: async (page) => {
      await page.keyboard.press('Control+o')
      await expect(page.getByRole('list', { name: 'Recent sessions' })).toBeVisible()
    },
  },
]

/** Buttons, fields and the like that nothing names. */
function nameless(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const named = (element: Element): boolean => {
      const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : []
      return [
        element.getAttribute('aria-label'),
        element.getAttribute('title'),
        element.getAttribute('aria-labelledby'),
        element.textContent,
        ...labels.map(({ textContent }) => textContent),
      ].some((text) => (text ?? '').trim() !== '')
    }
    return [...document.querySelectorAll('button, a, select, input, [role=button]')]
      .filter((element) => element.checkVisibility() && !named(element))
      .map((element) => element.outerHTML.slice(0, 120))
  })
}

/** Buttons without a word about what they do when the pointer rests on them, where the words on them do not say it all. */
function signsWithoutTooltip(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('button')]
      .filter((element) => element.checkVisibility())
      .filter((element) => (element.textContent ?? '').trim().length <= 2)
      .filter((element) => element.title === '')
      .map((element) => element.outerHTML.slice(0, 120)),
  )
}

for (const theme of ['dark', 'light'] as const) {
  test(`axe finds nothing serious, ${theme}`, async ({ home }) => {
    const { page } = await home.start()
    await explained(page)
    await page.keyboard.press('Control+,')
    await page.getByRole('radio', { name: theme, exact: true }).check()
    await escape(page)
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
    await page.keyboard.press('r')
    await drag(page, [
      [100, 100],
      [200, 180],
    ])
    await expect(page.getByRole('group', { name: 'Selected region' })).toBeVisible()
    await page.keyboard.press('n')
    for (const view of views) {
      await test.step(view.name, async () => {
        await view.open(page)
        expect.soft(await seriousFindings(page), view.name).toEqual([])
        expect.soft(await nameless(page), view.name).toEqual([])
        expect.soft(await signsWithoutTooltip(page), view.name).toEqual([])
        await view.close?.(page)
      })
    }
  })
}

test('Tab visits the main parts in reading order, and the focus is seen', async ({ home }) => {
  const { page } = await home.start()
  await explained(page)
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  })
  const parts: string[] = []
  const unseen: string[] = []
  for (let turn = 0; turn < 80; turn += 1) {
    await page.keyboard.press('Tab')
    const found = await page.evaluate(() => {
      const element = document.activeElement
      if (!element || element === document.body) return null
      const part = element.closest('header, nav, main, aside, footer')?.tagName.toLowerCase() ?? ''
      const seen = (style: CSSStyleDeclaration): boolean =>
        (style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 1) ||
        style.boxShadow !== 'none'
      // A list shows its focus on the chosen row, the stage on a frame above the picture.
      const row = element.querySelector('[aria-selected=true]')
      const ring =
        seen(getComputedStyle(element)) ||
        getComputedStyle(element, '::after').borderTopStyle === 'solid' ||
        (row !== null && seen(getComputedStyle(row)))
      return { part, ring, html: element.outerHTML.slice(0, 120) }
    })
    // Round once.
    if (!found || (parts.at(-1) === 'footer' && found.part === 'header')) break
    if (parts.at(-1) !== found.part) parts.push(found.part)
    if (!found.ring) unseen.push(found.html)
  }
  expect(parts).toEqual(['header', 'nav', 'main', 'aside', 'footer'])
  expect(unseen).toEqual([])
})

test('usable at 1024 × 700, and with text twice as large', async ({ home }) => {
  const launched = await home.start()
  const { app, page } = launched
  await explained(page)
  await page.keyboard.press('r')
  await drag(page, [
    [100, 100],
    [200, 180],
  ])
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await page.keyboard.press('n')
  await resize(launched, 1024, 700)
  expect(await cut(page)).toEqual([])
  for (const name of ['Agree', 'Disagree', 'Unsure', 'Confirm and next'])
    await expect(page.getByRole('button', { name, exact: true })).toBeInViewport({ ratio: 1 })
  await expect(stage(page)).toBeInViewport({ ratio: 1 })
  await expect(page.getByRole('toolbar', { name: 'Tools' })).toBeInViewport({ ratio: 1 })
  await expect(page.getByRole('group', { name: 'Heatmap layer' })).toBeInViewport({ ratio: 1 })
  await expect(page.getByRole('group', { name: 'Legend of the heatmap' })).toBeInViewport({
    ratio: 1,
  })
  for (const keys of ['Control+p', 'Control+n', 'Control+o']) {
    await page.keyboard.press(keys)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(await cut(page)).toEqual([])
  }

  await page.getByRole('button', { name: 'IHC colon, demonstration', exact: true }).click()
  await explained(page)
  await resize(launched, 1440, 900)
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(2)
  })
  await expect.poll(() => page.evaluate(() => innerWidth)).toBe(720)
  const confirm = page.getByRole('button', { name: 'Confirm and next', exact: true })
  await confirm.scrollIntoViewIfNeeded()
  await expect(confirm).toBeInViewport({ ratio: 1 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
})

/** What reaches beyond the window, or holds words that are cut without an ellipsis. */
function cut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = []
    const { scrollWidth, scrollHeight } = document.documentElement
    if (scrollWidth > innerWidth) found.push(`page scrolls sideways: ${scrollWidth}`)
    if (scrollHeight > innerHeight) found.push(`page scrolls: ${scrollHeight}`)
    for (const element of document.querySelectorAll('button, select, h1, h2')) {
      if (!element.checkVisibility()) continue
      const { left, right, width } = element.getBoundingClientRect()
      if (width === 0) continue
      const what = element.outerHTML.slice(0, 120)
      if (left < -1 || right > innerWidth + 1) found.push(`beyond the window: ${what}`)
      const clips = getComputedStyle(element).textOverflow !== 'ellipsis'
      if (clips && element.scrollWidth > element.clientWidth + 1) found.push(`cut: ${what}`)
    }
    return found
  })
}

test('without the letters: shortcuts of one character can be switched off', async ({ home }) => {
  const { page } = await home.start()
  await explained(page)
  await dialog(page, 'Control+,', 'Settings')
  await page.getByRole('checkbox', { name: /Shortcuts of a single character/ }).uncheck()
  await escape(page)
  await page.keyboard.press('y')
  await page.keyboard.press('r')
  await expect(page.getByRole('button', { name: 'Agree', exact: true })).toHaveAttribute(
    'aria-pressed',
    'false',
  )
  await expect(page.getByRole('button', { name: 'Select and move' })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  await dialog(page, 'Control+k', 'Command palette')
})
