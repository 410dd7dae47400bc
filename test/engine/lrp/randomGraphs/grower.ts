import { laidOut, type Draft, type Layout, type Wire } from './draft'
import type { Entry, Grow } from './entry'
import { flatten } from './forms'
import { kinds } from './table/table'

type Suits = (entry: Entry) => boolean

/** Puts rows of the table one behind another. */
export class Grower {
  /** Names of the rows so far. */
  readonly made: string[] = []
  readonly #draft: Draft
  readonly #allows: Suits
  #depth = 0

  /** @param allows which rows may be used at all. */
  constructor(draft: Draft, allows: Suits) {
    this.#draft = draft
    this.#allows = (entry) => isWritable(entry, draft.opsets) && allows(entry)
  }

  /** One more row that suits, at random; x itself where there is none. */
  next(x: Wire, suits: Suits): Wire {
    const { structure } = this.#draft
    const fitting = kinds.flatMap(({ weight, entries }) => {
      const choices = entries.filter((entry) => suits(entry) && this.#fits(entry, x))
      return choices.length > 0 ? [{ weight, choices }] : []
    })
    if (fitting.length === 0) return x
    const { choices } = structure.weighted(fitting, ({ weight }) => weight)
    return this.#write(
      structure.weighted(choices, ({ weight = 1 }) => weight),
      x,
    )
  }

  #fits(entry: Entry, x: Wire): boolean {
    return (
      this.#allows(entry) &&
      entry.layouts.includes(x.layout) &&
      (entry.fits?.(x, this.#draft) ?? true)
    )
  }

  #write(entry: Entry, x: Wire): Wire {
    this.made.push(entry.name)
    return tamed(this.#draft, entry.write(this.#draft, x, this.#grow))
  }

  readonly #grow: Grow = (x, count, { keepsShape = false } = {}) => {
    this.#depth++
    let y = x
    for (let at = 0; at < count; at++) {
      // Branches within branches within branches would never end.
      y = this.next(y, (entry) => (!keepsShape || entry.keepsShape === true) && (this.#depth < 2 || entry.role !== 'branch')) // prettier-ignore
    }
    this.#depth--
    return y
  }

  /** The row of this very name, behind others that make it fit; x as far as it came where none do. */
  feature(x: Wire, name: string): Wire {
    const entry = kinds.flatMap(({ entries }) => entries).find((row) => row.name === name)
    if (!entry) throw new Error(`there is no row ${name}`)
    let y = x
    for (let attempt = 0; attempt < 8; attempt++) {
      if (this.#fits(entry, y)) return this.#write(entry, y)
      const wanted = entry.layouts.includes(y.layout) ? null : (entry.layouts[0] ?? 'image')
      y = this.next(y, (row) => (wanted === null ? changes(row) : leadsTo(row, y.layout, wanted)))
    }
    return y
  }

  toVector(x: Wire): Wire {
    let y = x
    for (let at = 0; at < 4 && y.layout !== 'vector'; at++)
      y = this.next(y, ({ role }) => role === 'head')
    return y.layout === 'vector' ? y : flatten(this.#draft, y)
  }
}

export function isWritable(
  { since = 0, until = Infinity }: Entry,
  { lowest, highest }: { readonly lowest: number; readonly highest: number },
): boolean {
  return since <= lowest && until >= highest
}

/** Rows that give another shape: perhaps one that fits. */
const changes = ({ keepsShape, role }: Entry): boolean => keepsShape !== true && role !== 'head'

/** Rows that bring one layout towards another. */
function leadsTo({ name, role }: Entry, from: Layout, to: Layout): boolean {
  if (to === 'vector') return role === 'head'
  if (from === 'last') return to === 'image' ? name === 'channels first' : name === 'windows apart (Swin)' || name === 'channels first' // prettier-ignore
  return to === 'last' ? name === 'channels last' : name === 'patches as tokens'
}

/** Scaled down by a power of 2 where numbers have grown, so that none overflows. */
function tamed(draft: Draft, x: Wire): Wire {
  const { data } = draft.sample(x)
  const square = data.reduce((sum, value) => sum + value * value, 0) / data.length
  if (!Number.isFinite(square)) throw new Error('a number overflowed')
  const exponent = Math.round(Math.log2(Math.sqrt(square)))
  if (exponent < 3) return x
  return laidOut(draft.node('Div', [x, draft.scalar(2 ** exponent)]), x.layout)
}
