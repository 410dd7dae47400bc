import { Fragment } from 'react'
import { markdownBlocks, markdownSpans, type MarkdownBlock } from './markdownBlocks'
import styles from './Markdown.module.css'

/** The few forms of Markdown that the texts of this program use. */
export function Markdown({ text }: { readonly text: string }) {
  return (
    <div className={styles['text']}>
      {markdownBlocks(text).map((block, index) => (
        <Block key={index} block={block} />
      ))}
    </div>
  )
}

function Block({ block }: { readonly block: MarkdownBlock }) {
  switch (block.kind) {
    case 'heading':
      return block.level <= 2 ? <h3>{block.text}</h3> : <h4>{block.text}</h4>
    case 'paragraph':
      return (
        <p>
          <Spans text={block.text} />
        </p>
      )
    case 'list': {
      const items = block.items.map((item, index) => (
        <li key={index}>
          <Spans text={item} />
        </li>
      ))
      return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>
    }
    case 'table':
      return (
        <table>
          <tbody>
            {block.rows.map((cells, index) => (
              <tr key={index}>
                {cells.map((cell, column) =>
                  column === 0 ? (
                    <th key={column} scope="row">
                      <Spans text={cell} />
                    </th>
                  ) : (
                    <td key={column}>
                      <Spans text={cell} />
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )
  }
}

function Spans({ text }: { readonly text: string }) {
  return markdownSpans(text).map(({ kind, text: words }, index) => {
    if (kind === 'strong') return <strong key={index}>{words}</strong>
    if (kind === 'code') return <code key={index}>{words}</code>
    return <Fragment key={index}>{words}</Fragment>
  })
}
