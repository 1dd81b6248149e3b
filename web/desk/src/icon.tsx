// antd's icons without antd: the drawings alone.

import { createElement, type ReactNode } from 'react'

/** A drawing as @ant-design/icons-svg has it. */
export interface Drawing {
  icon: Node | ((first: string, second: string) => Node)
}
interface Node {
  tag: string
  attrs: Record<string, string>
  children?: Node[]
}

const draw = (n: Node, key: number): ReactNode => createElement(n.tag, { key, ...n.attrs }, n.children?.map(draw))

/** Beside words that say the same: screen readers pass over it. */
export function Icon({ of }: { of: Drawing }) {
  const drawn = typeof of.icon === 'function' ? of.icon('currentColor', 'none') : of.icon
  return (
    <svg className="icon" viewBox={drawn.attrs.viewBox} width="1em" height="1em" fill="currentColor" aria-hidden="true" focusable="false">
      {drawn.children?.map(draw)}
    </svg>
  )
}
