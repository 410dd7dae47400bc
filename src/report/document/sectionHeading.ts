import type { Block } from './blocks'

/** A heading within an image's section. @param aside stands at the right, such as a count */
export function sectionHeading(text: string, aside = ''): Block {
  return { kind: 'heading', level: 2, text, aside, startsPage: false }
}
