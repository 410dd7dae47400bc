/** Operators that are piecewise constant: their derivative is 0 wherever there is one. */
export const stopping: readonly string[] = [
  'And', 'ArgMax', 'ArgMin', 'BitShift', 'Ceil', 'Equal', 'Floor', 'Greater', 'GreaterOrEqual', 'Hardmax', 'IsInf',
  'IsNaN', 'Less', 'LessOrEqual', 'Not', 'OneHot', 'Or', 'Round', 'Sign', 'Xor',
] // prettier-ignore
