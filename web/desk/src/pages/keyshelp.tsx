// What the keys do, and the switch that turns the single ones off.

import { useState } from 'react'
import { Dialog } from '../above'
import { keysOn, setKeysOn } from '../shortcuts'
import { useWords, type DeskKey } from './desktexts'

const list: readonly (readonly [keys: string[], what: DeskKey])[] = [
  [['j', 'k', '↓', '↑'], 'k_move'],
  [['Enter'], 'k_open'],
  [['r'], 'k_reply'],
  [['n'], 'k_note'],
  [['p'], 'k_pass'],
  [['u'], 'k_queue'],
  [['/'], 'k_saved'],
  [['Ctrl + Enter'], 'k_send'],
  [['Esc'], 'k_leave'],
  [['?'], 'k_help'],
]

export default function KeysHelp({ onClose }: { onClose: () => void }) {
  const w = useWords()
  const [on, setOn] = useState(keysOn)
  return (
    <Dialog title={w('keys')} onClose={onClose}>
      <dl className="keys">
        {list.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((k) => (
                <kbd key={k}>{k}</kbd>
              ))}
            </dt>
            <dd>{w(what)}</dd>
          </div>
        ))}
      </dl>
      <p className="hint">{w('keys_hint')}</p>
      <label className="line">
        <input
          type="checkbox"
          role="switch"
          checked={on}
          onChange={(e) => {
            setKeysOn(e.target.checked)
            setOn(e.target.checked)
          }}
        />{' '}
        {w('keys_on')}
      </label>
    </Dialog>
  )
}
