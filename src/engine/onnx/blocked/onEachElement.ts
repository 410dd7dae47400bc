/** Operators on each element by itself: the order of the elements is no matter to them. */
export const onEachElement: ReadonlySet<string> = new Set([
  'Add', 'Sub', 'Mul', 'Div', 'Min', 'Max', 'Sum', 'Pow', 'Where',
  'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Equal', 'And', 'Or', 'Xor', 'Not',
  'Relu', 'LeakyRelu', 'Elu', 'Selu', 'Celu', 'Sigmoid', 'HardSigmoid', 'HardSwish', 'Softplus', 'Tanh', 'Clip',
  'ThresholdedRelu', 'Erf', 'Exp', 'Log', 'Sqrt', 'Reciprocal', 'Neg', 'Abs', 'Sign', 'Cast',
]) // prettier-ignore
