import { plainText } from './names'

/**
 * What ONNX Runtime threw as a sentence: the first line that says something, without places in its source,
 * and with the node where it tells of one.
 */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  // Names out of a file may have megabytes, over which the patterns would take for ever.
  const lines = text
    .slice(0, 4000)
    .split('\n')
    .map((line) => withoutPlaces(line).trim())
  const [first = '', second = ''] = lines.filter((line) => line !== '')
  const said = first.endsWith(':') ? `${first} ${second}` : first
  return asSentence(plainText(withNode(said).trim(), 300))
}

/** A source file with its line, the C++ function there, and the condition that did not hold. */
const place =
  /\S*onnxruntime_src\S*:\d+ [^(]*\(.*?\)(?:::<lambda\(.*?\)>)?(?: const)?(?: \[with [^\]]*\])? (?:.*? was false\. )?/g

function withoutPlaces(line: string): string {
  return line.replaceAll(place, '').replaceAll(/\[ONNXRuntimeError\] : \d+ : \w+ : /g, '')
}

/**
 * The ways in which it names a node, and the function of its own that found the fault. What it fused for
 * speed bears the name of the last node with an ending of its own.
 */
const nodes: readonly (readonly [RegExp, string])[] = [
  [/This is an invalid model\. In Node, \("(.*?)", ([^,]*), .*\) , Error /, 'node “$1” ($2): '],
  [/Node \((.*?)\) Op \((\w+)\) (?:\[\w+\] )?/, 'node “$1” ($2): '],
  [
    /Non-zero status code returned while running (?:Fused)?(\w+) node\. Name:'(.*?)(?:_nchwc)?' Status Message: /,
    'node “$2” ($1): ',
  ],
  [/(^|: )\w+\.(?:cc|h):\d+ \w+ (?:\w+ : )?/, '$1'],
]

function withNode(line: string): string {
  return nodes.reduce((text, [found, said]) => text.replace(found, said), line)
}

/** Without what it puts where a place should stand, and with a full stop. */
function asSentence(text: string): string {
  const said = text.replace(/ in \.$/, '')
  return /[.!?…]$/.test(said) ? said : `${said}.`
}
