import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clampTile, planTiles } from '../../../src/engine/tiles/plan'

const size = (min: number, max: number) =>
  fc.record({ width: fc.integer({ min, max }), height: fc.integer({ min, max }) })

describe('planTiles', () => {
  it('covers 512×512 px by 64×64 px tiles every 16 px with 29 by 29 of them', () => {
    // (512 − 64) / 16 = 28 steps, so 29 positions.
    const plan = planTiles({ width: 512, height: 512 }, { width: 64, height: 64 }, 16)
    expect(plan.tiles).toHaveLength(29 * 29)
    expect(plan.tiles.at(-1)).toEqual({ x: 448, y: 448 })
  })

  it('moves the last column back to the border', () => {
    const plan = planTiles({ width: 100, height: 64 }, { width: 64, height: 64 }, 32)
    expect(plan.tiles.map(({ x }) => x)).toEqual([0, 32, 36])
  })

  it('leaves no pixel uncovered, no tile outside and no tile twice', () => {
    fc.assert(
      fc.property(
        size(1, 60),
        size(1, 20),
        fc.integer({ min: 1, max: 20 }),
        (image, tile, wish) => {
          const stride = Math.min(wish, tile.width, tile.height)
          const { tiles, padded } = planTiles(image, tile, stride)
          const covered = new Set<number>()
          for (const { x, y } of tiles) {
            if (!padded) {
              expect(x >= 0 && x + tile.width <= image.width).toBe(true)
              expect(y >= 0 && y + tile.height <= image.height).toBe(true)
            }
            for (let row = Math.max(0, y); row < Math.min(image.height, y + tile.height); row++)
              for (let col = Math.max(0, x); col < Math.min(image.width, x + tile.width); col++)
                covered.add(row * image.width + col)
          }
          expect(covered.size).toBe(image.width * image.height)
          expect(new Set(tiles.map(({ x, y }) => `${x},${y}`)).size).toBe(tiles.length)
        },
      ),
    )
  })

  it('centres an image that is smaller than a tile', () => {
    const plan = planTiles({ width: 10, height: 64 }, { width: 64, height: 64 }, 16)
    expect(plan).toMatchObject({ tiles: [{ x: -27, y: 0 }], padded: true })
  })

  it('refuses gaps and endless plans', () => {
    const tile = { width: 8, height: 8 }
    expect(() => planTiles({ width: 50, height: 50 }, tile, 9)).toThrow(/gaps/)
    expect(() => planTiles({ width: 5000, height: 5000 }, tile, 1)).toThrow(/tiles/)
  })
})

describe('clampTile', () => {
  it('keeps the tile inside the image, on whole pixels', () => {
    const image = { width: 100, height: 80 }
    const tile = { width: 64, height: 64 }
    expect(clampTile({ x: -5, y: 200 }, image, tile)).toEqual({ x: 0, y: 16 })
    expect(clampTile({ x: 12.9, y: 3.2 }, image, tile)).toEqual({ x: 12, y: 3 })
  })
})
