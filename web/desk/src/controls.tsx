// The controls of every page: the browser's own elements in the desk's look
// (desk.css, "Controls"). A keyboard, a screen reader and an input method know them,
// and a page that shows nothing else is ready before antd has arrived: what stands
// above a page (dialogues, drawer, viewer of pictures) is antd's, and comes when it is
// needed (above.tsx). docs/performance.md has the figures that made it so.

import { useId, type ButtonHTMLAttributes, type InputHTMLAttributes, type MouseEvent, type ReactNode, type Ref, type TextareaHTMLAttributes } from 'react'

const names = (...list: (string | false | undefined)[]) => list.filter(Boolean).join(' ')

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLElement>, 'type'> {
  type?: 'default' | 'primary' | 'text' | 'link'
  size?: 'small' | 'middle'
  danger?: boolean
  /** it was pressed and works: further presses do nothing */
  loading?: boolean
  icon?: ReactNode
  htmlType?: 'button' | 'submit'
  /** makes it a link that looks like a button */
  href?: string
  download?: boolean | string
  ref?: Ref<HTMLButtonElement>
}

export function Button({ type = 'default', size = 'middle', danger, loading, icon, htmlType = 'button', href, download, className, children, onClick, ...rest }: ButtonProps) {
  const look = names('btn', type !== 'default' && type, size === 'small' && 'small', danger && 'danger', loading && 'busy', className)
  const inside = (
    <>
      {icon}
      {children}
    </>
  )
  if (href !== undefined) {
    return (
      <a {...(rest as object)} className={look} href={href} download={download}>
        {inside}
      </a>
    )
  }
  const press = (e: MouseEvent<HTMLElement>) => (loading ? e.preventDefault() : onClick?.(e))
  return (
    <button {...rest} type={htmlType} className={look} aria-busy={loading || undefined} onClick={press}>
      {inside}
    </button>
  )
}

interface Status {
  /** what Field hands to a control; aria-invalid says the same */
  status?: 'error'
}

export function Input({ status: _, className, ...rest }: InputHTMLAttributes<HTMLInputElement> & Status) {
  return <input type="text" {...rest} className={names('input', className)} />
}

interface TextProps extends TextareaHTMLAttributes<HTMLTextAreaElement>, Status {
  /** says below how many of maxLength are used */
  showCount?: boolean
  ref?: Ref<HTMLTextAreaElement>
}

/** Grows with what is written, where the browser can (field-sizing). */
Input.TextArea = function TextArea({ status: _, showCount, className, rows = 2, ...rest }: TextProps) {
  return (
    <>
      <textarea {...rest} rows={rows} style={{ minBlockSize: `${rows * 1.55 + 0.8}em` }} className={names('input', className)} />
      {showCount && (
        <p className="used hint">
          {String(rest.value ?? '').length} / {rest.maxLength}
        </p>
      )}
    </>
  )
}

type Ticked = InputHTMLAttributes<HTMLInputElement>

export const Checkbox = (p: Ticked) => <Tick kind="checkbox" {...p} />
export const Radio = (p: Ticked) => <Tick kind="radio" {...p} />

function Tick({ kind, className, children, ...rest }: Ticked & { kind: 'checkbox' | 'radio' }) {
  return (
    <label className={names('tick', className)}>
      <input {...rest} type={kind} />
      <span>{children}</span>
    </label>
  )
}

interface SegmentedProps<V extends string> {
  value: V
  onChange: (value: V) => void
  options: readonly { value: V; label: string }[]
  'aria-label': string
  block?: boolean
  size?: 'small'
  className?: string
}

/** One of a few, all in sight: radio buttons side by side. */
export function Segmented<V extends string>({ value, onChange, options, block, size, className, ...aria }: SegmentedProps<V>) {
  const name = useId()
  return (
    <div {...aria} role="radiogroup" className={names('segmented', block && 'block', size, className)}>
      {options.map((o) => (
        <label key={o.value}>
          <input type="radio" name={name} value={o.value} checked={o.value === value} onChange={() => onChange(o.value)} />
          <span>{o.label}</span>
        </label>
      ))}
    </div>
  )
}

/** How much is done, in per cent. */
export function Progress({ percent, 'aria-label': label }: { percent: number; 'aria-label': string }) {
  return (
    <span className="progress">
      <progress max={100} value={percent} aria-label={label} /> <span aria-hidden="true">{percent} %</span>
    </span>
  )
}

/** Grey lines where a page will be. */
export function Skeleton() {
  return (
    <div className="bones" aria-hidden="true">
      {[38, 100, 100, 100, 61].map((wide, i) => (
        <i key={i} style={{ inlineSize: wide + '%' }} />
      ))}
    </div>
  )
}
