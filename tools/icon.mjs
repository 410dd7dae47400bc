/*
 * Draws assets/icon.png: a dark tile with a pixel map, red for, blue against, as in a heatmap.
 * Usage: node tools/icon.mjs
 */
import { writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { encode } from 'fast-png'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const size = 512
const margin = 28
const corner = 104
const gap = 10

/** Relevance of each pixel of the picture, −1…1: a bright centre with an answer at its side. */
const map = [
  [0, 0.15, 0.3, 0, -0.15],
  [0.2, 0.6, 0.85, 0.35, -0.3],
  [0.35, 0.9, 1, 0.5, -0.6],
  [0.1, 0.5, 0.45, -0.4, -0.9],
  [0, 0.1, -0.2, -0.55, -0.5],
]
const ground = [31, 34, 38]
const cell = [52, 57, 64]
const positive = [229, 120, 109]
const negative = [107, 155, 232]

/** Share of a pixel that lies in a rounded square, by 4 × 4 samples. */
const coverage = (
  /** @type {number} */ x,
  /** @type {number} */ y,
  /** @type {number} */ left,
  /** @type {number} */ top,
  /** @type {number} */ side,
  /** @type {number} */ radius,
) => {
  let inside = 0
  for (let sample = 0; sample < 16; sample++) {
    const px = x + ((sample % 4) + 0.5) / 4 - left
    const py = y + (Math.floor(sample / 4) + 0.5) / 4 - top
    const dx = Math.max(radius - px, px - (side - radius), 0)
    const dy = Math.max(radius - py, py - (side - radius), 0)
    const within = px >= 0 && py >= 0 && px <= side && py <= side
    if (within && dx * dx + dy * dy <= radius * radius) inside += 1
  }
  return inside / 16
}

const data = new Uint8Array(size * size * 4)
const inner = margin + 62
const pitch = (size - 2 * inner + gap) / 5
for (let y = 0; y < size; y++) {
  for (let x = 0; x < size; x++) {
    let colour = ground
    const column = Math.floor((x - inner) / pitch)
    const row = Math.floor((y - inner) / pitch)
    const value = map[row]?.[column]
    if (value !== undefined) {
      const strength = Math.abs(value)
      const target = value > 0 ? positive : negative
      const own = cell.map((base, i) => base + ((target[i] ?? 0) - base) * strength)
      const share = coverage(x, y, inner + column * pitch, inner + row * pitch, pitch - gap, 12)
      colour = ground.map((base, i) => base + ((own[i] ?? 0) - base) * share)
    }
    const alpha = coverage(x, y, margin, margin, size - 2 * margin, corner)
    data.set([...colour.map(Math.round), Math.round(alpha * 255)], (y * size + x) * 4)
  }
}
writeFileSync(join(root, 'assets', 'icon.png'), encode({ width: size, height: size, data }))
