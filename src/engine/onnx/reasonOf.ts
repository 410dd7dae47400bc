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
  return plainText(withNode(said).trim(), 300)
}

/** A source file with its line, the C++ function there, and the condition that did not hold. */
const place =
  /\S*onnxruntime_src\S*:\d+ [^(]*\(.*?\)(?:::<lambda\(.*?\)>)?(?: const)?(?: \[with [^\]]*\])? (?:.*? was false\. )?/g

function withoutPlaces(line: string): string {
  return line.replaceAll(place, '').replaceAll(/\[ONNXRuntimeError\] : \d+ : \w+ : /g, '')
}

/** `In Node, ("name", Operator, …) : (…) -> (…) , Error …` as `node “name” (Operator): …`. */
function withNode(line: string): string {
  return line.replace(
    /This is an invalid model\. In Node, \("(.*?)", ([^,]*), .*\) , Error /,
    'node “$1” ($2): ',
  )
}
