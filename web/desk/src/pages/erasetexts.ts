import type { Triple } from '../../../shared/lang'
import { words } from '../app'

export const rows = {
  who: ['手机号，或工作人员姓名', '手提電話號碼，或職員姓名', 'Phone number, or name of a member of staff'],
  who_hint: ['群众按手机号查找，工作人员按姓名查找。查到谁会有记录。', '市民按電話號碼尋找，職員按姓名尋找。尋找到的人會留下紀錄。', 'Citizens are found by their phone, staff by their name. Who was shown is noted.'],
  find: ['查找', '尋找', 'Find'],
  found: ['查到的人', '尋找到的人', 'Found'],
  nobody: ['没有查到可以删除的人。请核对手机号或姓名。', '沒有尋找到可以刪除的人。請核對電話號碼或姓名。', 'Nobody was found whom you may erase. Please check the number or the name.'],
  no_name: ['未填姓名', '未填姓名', 'No name given'],
  since: ['{when} 起', '{when} 起', 'since {when}'],
  confirm: ['永久删除 {who} 的个人信息', '永久刪除 {who} 的個人資料', 'Erase {who} for good'],
  sure: ['我已核对，就是 {who}；删除后不能恢复', '我已核對，就是 {who}；刪除後不能復原', 'I have checked that this is {who}; there is no way back'],
} satisfies Record<string, Triple>

export const useWords = words(rows)
