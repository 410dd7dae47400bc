import { parameterProblem } from '../../shared/explanation/checkSpec'
import {
  methodParametersSchema,
  type MethodName,
  type MethodParameters,
  type ParameterName,
} from '../../shared/explanation/method'
import { parameterChoices, parameterRanges } from '../../shared/explanation/parameterRanges'
import { readNumbers } from '../newSession/cardForm'

/** As it stands in its field; empty for the method's own default. */
export function writeParameter(value: MethodParameters[ParameterName]): string {
  if (value === undefined || typeof value === 'string') return value ?? ''
  const numbers = typeof value === 'number' ? [value] : value
  return numbers.map((number) => String(Number(number.toPrecision(6)))).join(', ')
}

export type ParameterReading =
  | { readonly parameters: MethodParameters; readonly problem: null }
  | { readonly parameters: null; readonly problem: string }

/** Empty is the method's own default; what cannot be used gets a sentence. */
export function readParameter(
  method: MethodName,
  name: ParameterName,
  text: string,
  before: MethodParameters,
): ParameterReading {
  const { [name]: _old, ...others } = before
  const read = text.trim() === '' ? others : { ...others, [name]: valueOf(name, text) }
  const parsed = methodParametersSchema.safeParse(read)
  if (!parsed.success) return { parameters: null, problem: `Write ${parameterRanges[name]}.` }
  const problem = parameterProblem(method, parsed.data)
  return problem
    ? { parameters: null, problem: problem.message }
    : { parameters: parsed.data, problem: null }
}

function valueOf(name: ParameterName, text: string): unknown {
  if (parameterChoices[name]) return text
  const numbers = readNumbers(text)
  return numbers?.length === 1 ? numbers[0] : numbers
}
