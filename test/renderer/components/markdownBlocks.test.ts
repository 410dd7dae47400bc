import { describe, expect, it } from 'vitest'
import { markdownBlocks, markdownSpans } from '../../../src/renderer/components/markdownBlocks'

describe('the manual', () => {
  it('is read as headings, paragraphs, lists and tables, without its title', () => {
    const text =
      '# Title\n\n## Work\n\nOne\nparagraph.\n\n1. **Open.** First\n2. See\n\n- a\n- b\n\n| key | does |\n|---|---|\n| A | regions |'
    expect(markdownBlocks(text)).toEqual([
      { kind: 'heading', level: 2, text: 'Work' },
      { kind: 'paragraph', text: 'One paragraph.' },
      { kind: 'list', ordered: true, items: ['**Open.** First', 'See'] },
      { kind: 'list', ordered: false, items: ['a', 'b'] },
      { kind: 'table', rows: [['A', 'regions']] },
    ])
  })

  it('has strong words and code, and leaves lonely signs alone', () => {
    expect(markdownSpans('**Open** `x` 2 * 3')).toEqual([
      { kind: 'strong', text: 'Open' },
      { kind: 'text', text: ' ' },
      { kind: 'code', text: 'x' },
      { kind: 'text', text: ' 2 * 3' },
    ])
  })
})
