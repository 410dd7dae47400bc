import type { Entry } from '../entry'
import { activations } from './activations'
import { arithmetic } from './arithmetic'
import { attentions } from './attention'
import { branches } from './branches'
import { convolutions } from './convolutions'
import { denseLayers } from './dense'
import { heads } from './heads'
import { normalisations } from './normalisations'
import { pooling } from './pooling'
import { shapeGames } from './shapes'

/** Rows of one kind, and how likely that kind is, against the others. */
interface Kind {
  readonly weight: number
  readonly entries: readonly Entry[]
}

/** All that a random network may be made of; a new operator is a new row. */
export const kinds: readonly Kind[] = [
  { weight: 3, entries: convolutions },
  { weight: 2, entries: denseLayers },
  { weight: 3.5, entries: activations },
  { weight: 1, entries: pooling },
  { weight: 1, entries: normalisations },
  { weight: 2, entries: branches },
  { weight: 1.5, entries: attentions },
  { weight: 0.8, entries: arithmetic },
  { weight: 2, entries: shapeGames },
  { weight: 0.2, entries: heads },
]
