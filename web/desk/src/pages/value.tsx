// A value of a setting, shown or changed: numbers, yes or no, texts, lists and
// groups of them, as the value itself is made. The server says what is not right,
// at the field.

import { at, Field } from '../parts'
import { Button, Checkbox, Input } from '../controls'
import { useWords } from './valuetexts'

interface Props {
  id: string
  label: string
  value: unknown
  labels: Record<string, string>
  error?: unknown
  /** the server's name of the field; '' is the value itself */
  path?: string
  /** without it the value is only shown */
  onChange?: (value: unknown) => void
}

export type Shape = 'number' | 'boolean' | 'text' | 'list' | 'group'

export function shapeOf(value: unknown): Shape {
  if (Array.isArray(value)) return 'list'
  if (value !== null && typeof value === 'object') return 'group'
  if (typeof value === 'number') return 'number'
  return typeof value === 'boolean' ? 'boolean' : 'text'
}

/** An empty value of the same shape, for a list that grows. */
export function blank(like: unknown): unknown {
  switch (shapeOf(like)) {
    case 'number':
      return 0
    case 'boolean':
      return false
    case 'list':
      return []
    case 'group':
      return Object.fromEntries(Object.entries(like as object).map(([k, v]) => [k, blank(v)]))
  }
  return ''
}

export function Value(p: Props) {
  switch (shapeOf(p.value)) {
    case 'list':
      return <List {...p} value={p.value as unknown[]} />
    case 'group':
      return <Group {...p} value={p.value as Record<string, unknown>} />
  }
  return p.onChange ? <Leaf {...p} onChange={p.onChange} /> : <Shown {...p} />
}

function Shown({ label, value }: Props) {
  const t = useWords()
  const text = typeof value === 'boolean' ? t(value ? 'yes' : 'no') : value === null || value === '' ? t('none') : String(value)
  return (
    <dl className="pairs wide">
      <div>
        <dt>{label}</dt>
        <dd className="pre">{text}</dd>
      </div>
    </dl>
  )
}

function Leaf({ id, label, value, error, path = '', onChange }: Props & { onChange: (v: unknown) => void }) {
  const wrong = path === '' ? at(error, 'value') : at(error, path)
  if (typeof value === 'boolean') {
    return (
      <p>
        <Checkbox id={id} checked={value} onChange={(e) => onChange(e.target.checked)}>
          {label}
        </Checkbox>
      </p>
    )
  }
  return (
    <Field id={id} label={label} error={wrong}>
      {(aria) =>
        typeof value === 'number' ? (
          <Input {...aria} className="choice" type="number" value={Number.isNaN(value) ? '' : value} onChange={(e) => onChange(e.target.value === '' ? NaN : Number(e.target.value))} />
        ) : (
          <Input.TextArea {...aria} rows={2} value={String(value ?? '')} onChange={(e) => onChange(e.target.value)} />
        )
      }
    </Field>
  )
}

const under = (path: string, key: string): string => (path ? `${path}.${key}` : key)

function Group({ id, value, labels, error, path = '', onChange }: Props & { value: Record<string, unknown> }) {
  return (
    <div className={onChange ? 'group' : 'group shown'}>
      {Object.entries(value).map(([k, v]) => (
        <Value key={k} id={`${id}-${k}`} label={labels[k] ?? k} value={v} labels={labels} error={error} path={under(path, k)} {...(onChange && { onChange: (to: unknown) => onChange({ ...value, [k]: to }) })} />
      ))}
    </div>
  )
}

function List({ id, label, value, labels, error, path = '', onChange }: Props & { value: unknown[] }) {
  const t = useWords()
  const put = (i: number, to: unknown) => onChange?.(value.map((v, n) => (n === i ? to : v)))
  return (
    <fieldset className="values">
      <legend>{label}</legend>
      {value.length === 0 && <p className="hint">{t('none')}</p>}
      {value.map((v, i) => (
        <div key={i} className="one">
          <Value id={`${id}-${i}`} label={t('item', { n: i + 1 })} value={v} labels={labels} error={error} path={`${path}[${i}]`} {...(onChange && { onChange: (to: unknown) => put(i, to) })} />
          {onChange && (
            <Button size="small" danger onClick={() => onChange(value.filter((_, n) => n !== i))}>
              {t('remove', { n: i + 1 })}
            </Button>
          )}
        </div>
      ))}
      {onChange && (
        <Button size="small" onClick={() => onChange([...value, blank(value.at(-1) ?? '')])}>
          {t('add')}
        </Button>
      )}
    </fieldset>
  )
}
