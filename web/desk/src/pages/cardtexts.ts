// Words of lawyers' cards, his own and as operations see them.

import type { Triple } from '../../../shared/lang'
import { words } from '../app'

export const rows = {
  title: ['我的资料', '我的資料', 'My card'],
  card: ['律师资料', '律師資料', 'Card of a lawyer'],
  practice: ['执业信息', '執業資料', 'What I do'],
  practice_lead: ['系统按这些信息给您分派工单，保存后立即生效。', '系統按這些資料向您分派工單，儲存後即時生效。', 'By this you are given orders; it counts as soon as it is saved.'],
  nickname: ['昵称', '暱稱', 'Nickname'],
  joined: ['注册日期', '註冊日期', 'Registered on'],
  firm: ['律所', '律師事務所', 'Law firm'],
  areas: ['擅长领域', '擅長範疇', 'Fields of law'],
  regions: ['服务地区', '服務地區', 'Regions'],
  everywhere: ['不限地区', '不限地區', 'Everywhere'],
  region_add: ['加入这个地区', '加入這個地區', 'Add this place'],
  languages: ['服务语言', '服務語言', 'Languages'],
  all: ['全部', '全部', 'All'],
  told: ['个人和执业资料', '個人和執業資料', 'About me'],
  told_lead: [
    '标准要求的律师资料。加密保存，只有本机构的运营人员能查看，查看留有记录；身份证号和收款账号只显示首尾。',
    '標準要求的律師資料。內容加密保存，只有本機構的營運人員可查閱，查閱留有紀錄；身份證號碼和收款帳號只顯示首尾。',
    'What the standard wants of a lawyer. It is kept encrypted; only the operations of your organisation see it, and that they did is recorded. Of card and account numbers they see the ends.',
  ],
  missing_n: ['还缺 {n} 项必填内容。', '尚欠 {n} 項必填內容。', '{n} required items are missing.'],
  whole: ['必填内容已齐全。', '必填內容已齊備。', 'Everything required is there.'],
  must: ['必填', '必填', 'Required'],
  if_any: ['有则填写', '如有請填寫', 'If you have one'],
  optional: ['可不填', '可不填', 'Optional'],
  fees: ['有偿服务时必填', '有償服務時必填', 'Only where fees are paid'],
  list_hint: ['多个之间用分号隔开', '多個之間以分號分隔', 'Separate several with semicolons'],
  not_told: ['未填写', '未填寫', 'Not given'],
  sex_0: ['男', '男', 'Male'],
  sex_1: ['女', '女', 'Female'],
  picture: ['选择图片', '選擇圖片', 'Choose a picture'],
  picture_hint: ['JPEG、PNG、WebP 或 GIF，最大 {mb} MB；{n} 张', 'JPEG、PNG、WebP 或 GIF，最大 {mb} MB；{n} 張', 'JPEG, PNG, WebP or GIF, at most {mb} MB; {n} of them'],
  picture_too_large: ['图片太大，最大 {mb} MB。', '圖片太大，最大 {mb} MB。', 'The picture is too large: at most {mb} MB.'],
  picture_n: ['第 {n} 张', '第 {n} 張', 'Picture {n}'],
  remove: ['移除', '移除', 'Remove'],
  save: ['保存', '儲存', 'Save'],
  saved: ['已保存', '已儲存', 'Saved'],
  missing: ['还缺', '尚欠', 'Missing'],
  phone: ['电话', '電話', 'Phone'],
  picture_count: ['需要 {n} 张：正面和反面。', '需要 {n} 張：正面和反面。', '{n} are needed: front and back.'],
  noted: ['查看律师资料会有记录。', '查閱律師資料會有紀錄。', 'Looking at a card is recorded.'],
  back: ['← 返回列表', '← 返回列表', '← Back to the list'],
} satisfies Record<string, Triple>

export const useWords = words(rows)
