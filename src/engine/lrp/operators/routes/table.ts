import type { Operator } from '../operator'
import { joining } from './concat'
import { gathering } from './gather'
import { pad } from './pad'
import { rearrangements } from './rearrange'
import { repeating } from './repeat'
import { scatter } from './scatter'
import { slice } from './slice'
import { where } from './where'

/** Operators that move, repeat, choose or leave out elements, and change none. */
export const routes: readonly Operator[] = [
  ...rearrangements,
  ...joining,
  slice,
  ...gathering,
  scatter,
  ...repeating,
  where,
  pad,
]
