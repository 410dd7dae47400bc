import { AppError } from '../../shared/errors'
import type { Attribute, Node } from './model'
import { plainName, uniqueNames } from './names'

/** A node as the file has it, which may call a function of the model. */
export interface Call {
  readonly node: Node
  readonly overload: string
  /** Attributes that take the value of one of the enclosing function's: own name → its name. */
  readonly references: ReadonlyMap<string, string>
}

/** A model-local function (FunctionProto). */
export interface FunctionBody {
  readonly domain: string
  readonly name: string
  readonly overload: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Values of attributes that a call may leave out. */
  readonly defaults: ReadonlyMap<string, Attribute>
  readonly calls: readonly Call[]
  readonly opsets: ReadonlyMap<string, number>
}

/** Functions that call functions can ask for any number of nodes: real models have thousands. */
const mostNodes = 200_000
const deepest = 50

/**
 * Puts the bodies of model-local functions in the place of the nodes that call them, as the ONNX
 * specification defines a call: names inside are the function's own, attributes are handed in by name.
 * Also gives every node a name of its own: ONNX does not ask for names, and nothing refers to them;
 * ours must tell nodes apart in refusals and in the ledger, and be fit to be shown.
 * @param taken names of values that no node makes.
 * @throws AppError `invalid-model` naming the call of a function without end, or of one written for
 *   another operator set than the model.
 */
export function inlineFunctions(
  calls: readonly Call[],
  functions: readonly FunctionBody[],
  opsets: ReadonlyMap<string, number>,
  taken: Iterable<string>,
): Node[] {
  const byKey = new Map(
    functions.map((body) => [keyOf(body.domain, body.name, body.overload), body]),
  )
  const nodeName = uniqueNames([])
  const valueName = uniqueNames([
    ...taken,
    ...calls.flatMap(({ node }) => [...node.inputs, ...node.outputs]),
  ])
  const emit = (node: Node): void => {
    nodes.push({ ...node, name: nodeName(plainName(node.name)) })
  }
  const nodes: Node[] = []
  let steps = 0

  function expand(call: Call, shown: string, scope: Scope, depth: number): void {
    const body = byKey.get(keyOf(call.node.domain, call.node.operator, call.overload))
    const node = { ...inScope(call, scope), name: shown }
    steps++
    if (steps > mostNodes || depth > deepest) throw endless(node)
    if (!body) {
      emit(node)
      return
    }
    checkOpset(node, body, opsets)
    const inner = enter(node, body, valueName)
    for (const inside of body.calls)
      expand(inside, plainName(`${shown}/${ownName(inside.node)}`), inner, depth + 1)
    for (const [at, output] of node.outputs.entries()) {
      const made = inner.rename(body.outputs[at] ?? '')
      if (output === '' || made === output || made === '') continue
      // The function hands on a value that it was given, or the same one twice.
      emit({ ...node, operator: 'Identity', domain: '', inputs: [made], outputs: [output], attributes: new Map() }) // prettier-ignore
    }
  }

  for (const call of calls) expand(call, ownName(call.node), outermost, 0)
  return nodes
}

function keyOf(domain: string, name: string, overload: string): string {
  return JSON.stringify([domain, name, overload])
}

/** What names and attributes mean where a node stands. */
interface Scope {
  rename(value: string): string
  readonly attributes: ReadonlyMap<string, Attribute>
}

const outermost: Scope = { rename: (value) => value, attributes: new Map() }

function inScope({ node, references }: Call, scope: Scope): Node {
  const attributes = new Map(node.attributes)
  for (const [own, outer] of references) {
    const value = scope.attributes.get(outer)
    if (value) attributes.set(own, value)
    else attributes.delete(own)
  }
  const { inputs, outputs } = node
  return {
    ...node,
    inputs: inputs.map(scope.rename),
    outputs: outputs.map(scope.rename),
    attributes,
  }
}

function enter(call: Node, body: FunctionBody, valueName: (base: string) => string): Scope {
  const names = new Map<string, string>([['', '']])
  for (const [at, name] of body.inputs.entries()) names.set(name, call.inputs[at] ?? '')
  for (const [at, name] of body.outputs.entries()) {
    const given = call.outputs[at] ?? ''
    if (!names.has(name) && given !== '') names.set(name, given)
  }
  return {
    attributes: new Map([...body.defaults, ...call.attributes]),
    rename(value) {
      const known = names.get(value)
      if (known !== undefined) return known
      const fresh = valueName(`${call.name}/${value}`)
      names.set(value, fresh)
      return fresh
    },
  }
}

function checkOpset(call: Node, body: FunctionBody, opsets: ReadonlyMap<string, number>): void {
  const [theirs, ours] = [body.opsets.get(''), opsets.get('')]
  if (theirs === undefined || ours === undefined || theirs === ours) return
  throw new AppError(
    'invalid-model',
    `Node “${call.name}” calls the function “${plainName(body.name)}”, which is written in operator set ${theirs} while the model is in ${ours}.`,
    'Export the model again with its functions inlined.',
  )
}

function endless(call: Node): AppError {
  return new AppError(
    'invalid-model',
    `Node “${call.name}” calls a function that calls functions without an end.`,
    'Export the model again with its functions inlined.',
  )
}

function ownName(node: Node): string {
  return plainName(node.name || `${node.operator}:${node.outputs[0] ?? ''}`)
}
