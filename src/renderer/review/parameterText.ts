import {
  methodParametersSchema,
  type MethodParameters,
  type ParameterName,
} from '../../shared/explanation/method'
import { readNumbers } from '../newSession/cardForm'
import { parameterWords } from './parameterWords'

/** As it stands in its field; empty for the method's own default. */
export function writeParameter(value: MethodParameters[ParameterName]): string {
  if (value === undefined || typeof value === 'string') return value ?? ''
  const numbers = typeof value === 'number' ? [value] : value
  return numbers.map((number) => String(Number(number.toPrecision(6)))).join(', ')
}

/** Empty is the method's own default. Null when the text cannot be used. */
export function readParameter(
  name: ParameterName,
  text: string,
  before: MethodParameters,
): MethodParameters | null {
  const { [name]: _old, ...others } = before
  if (text.trim() === '') return others
  const numbers = parameterWords[name].choices ? null : readNumbers(text)
  const value = numbers?.length === 1 ? numbers[0] : (numbers ?? text)
  const parsed = methodParametersSchema.safeParse({ ...others, [name]: value })
  return parsed.success ? parsed.data : null
}
