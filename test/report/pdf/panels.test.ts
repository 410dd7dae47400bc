import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { captionHeight, layPanels } from '../../../src/report/pdf/panels'
import { contentWidth, page } from '../../../src/report/pdf/theme'

describe('layPanels', () => {
  it('makes the small panels of a square image end where the large one ends', () => {
    const { hero, sides, height } = layPanels({ width: 512, height: 512 }, 100, true)
    const lower = sides?.[1]
    expect(hero.y + hero.height).toBeCloseTo((lower?.y ?? 0) + (lower?.height ?? 0))
    expect((lower?.x ?? 0) + (lower?.width ?? 0)).toBeCloseTo(page.left + contentWidth)
    expect(height).toBeCloseTo(hero.height + captionHeight)
  })

  it('keeps every shape of image on the page, undistorted, panels apart', () => {
    const side = fc.integer({ min: 1, max: 20_000 })
    fc.assert(
      fc.property(side, side, fc.boolean(), (width, height, withHeatmap) => {
        const { hero, sides, height: used } = layPanels({ width, height }, 0, withHeatmap)
        const panels = [hero, ...(sides ?? [])]
        for (const panel of panels) {
          expect(panel.width / panel.height).toBeCloseTo(width / height, 5)
          expect(panel.x + panel.width).toBeLessThanOrEqual(page.left + contentWidth + 1e-6)
          expect(panel.y + panel.height).toBeLessThanOrEqual(used + 1e-6)
        }
        expect(used).toBeLessThan(page.bottom - page.top - 60)
      }),
    )
  })
})
