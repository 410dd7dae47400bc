import {
  nodeTreatmentSchema,
  type Coverage,
  type NodeTreatment,
} from '../../shared/explanation/coverage'

export const kindSchema = nodeTreatmentSchema.shape.kind
type Kind = NodeTreatment['kind']

/** What needs a look first. */
const kinds: readonly Kind[] = [
  ...(['missing', 'gradient', 'rule', 'route', 'pass'] as const),
  ...(['stop', 'constant', 'stripped', 'off-path'] as const),
]

/** What becomes of nodes of a kind, for the list that chooses among them. */
export const kindWords: Readonly<Record<Kind, string>> = {
  missing: 'Without a rule',
  gradient: 'By the gradient',
  rule: 'With a rule',
  route: 'Routes',
  pass: 'Passing',
  stop: 'Stopping',
  constant: 'Constants',
  stripped: 'Stripped',
  'off-path': 'Off the path',
}

const prefixes: Readonly<Record<Kind, string>> = {
  missing: '✕ missing',
  gradient: '! gradient',
  rule: 'rule',
  route: 'route',
  pass: 'passes',
  stop: 'gets no relevance',
  constant: 'constant',
  stripped: 'stripped',
  'off-path': 'off the path',
}

/** `rule: zPlus`, `passes, part of an activation` */
export function treatmentText({ kind, detail }: NodeTreatment): string {
  if (kind === 'pass' && /^pass\b/.test(detail)) return detail.replace('pass', prefixes.pass)
  if (detail === '') return prefixes[kind]
  return `${prefixes[kind]}${detail.startsWith('part of') ? ', ' : ': '}${detail}`
}

/** The kinds that there are, with how many nodes each has. */
export function kindCounts({ nodes }: Coverage): readonly (readonly [Kind, number])[] {
  return kinds
    .map((kind) => [kind, nodes.filter((node) => node.kind === kind).length] as const)
    .filter(([, count]) => count > 0)
}

/** What needs a look stands first, what carries no relevance last. */
function rank({ kind }: NodeTreatment): number {
  if (kind === 'missing' || kind === 'gradient') return 0
  return kind === 'constant' || kind === 'off-path' ? 2 : 1
}

/** By rank, then in the model's order; of one kind only when one is named. */
export function listNodes(
  { nodes }: Coverage,
  text: string,
  kind: Kind | null,
): readonly NodeTreatment[] {
  const wanted = text.trim().toLowerCase()
  const found = nodes.filter(
    (node) =>
      (kind === null || node.kind === kind) &&
      [node.node, node.operator, treatmentText(node)].some((words) =>
        words.toLowerCase().includes(wanted),
      ),
  )
  return found.toSorted((a, b) => rank(a) - rank(b))
}
