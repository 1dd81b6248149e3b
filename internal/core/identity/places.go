package identity

import "mingfa/internal/base/say"

// place is a division whose names we know in all three languages. The 34 of the
// level of provinces are always there; those of Guangdong and Hong Kong serve
// the demonstration until a full list is loaded. GB/T 2260 gives Hong Kong's
// districts no codes of their own: 8100NN counts them.
type place struct {
	code  string
	names say.Texts
}

func (p place) parent() string { return aboveOf(p.code) }

var placesByCode = func() map[string]place {
	m := make(map[string]place, len(places))
	for _, p := range places {
		m[p.code] = p
	}
	return m
}()

var places = []place{
	{"110000", say.Texts{Hans: "北京市", Hant: "北京市", En: "Beijing"}},
	{"120000", say.Texts{Hans: "天津市", Hant: "天津市", En: "Tianjin"}},
	{"130000", say.Texts{Hans: "河北省", Hant: "河北省", En: "Hebei"}},
	{"140000", say.Texts{Hans: "山西省", Hant: "山西省", En: "Shanxi"}},
	{"150000", say.Texts{Hans: "内蒙古自治区", Hant: "內蒙古自治區", En: "Inner Mongolia"}},
	{"210000", say.Texts{Hans: "辽宁省", Hant: "遼寧省", En: "Liaoning"}},
	{"220000", say.Texts{Hans: "吉林省", Hant: "吉林省", En: "Jilin"}},
	{"230000", say.Texts{Hans: "黑龙江省", Hant: "黑龍江省", En: "Heilongjiang"}},
	{"310000", say.Texts{Hans: "上海市", Hant: "上海市", En: "Shanghai"}},
	{"320000", say.Texts{Hans: "江苏省", Hant: "江蘇省", En: "Jiangsu"}},
	{"330000", say.Texts{Hans: "浙江省", Hant: "浙江省", En: "Zhejiang"}},
	{"340000", say.Texts{Hans: "安徽省", Hant: "安徽省", En: "Anhui"}},
	{"350000", say.Texts{Hans: "福建省", Hant: "福建省", En: "Fujian"}},
	{"360000", say.Texts{Hans: "江西省", Hant: "江西省", En: "Jiangxi"}},
	{"370000", say.Texts{Hans: "山东省", Hant: "山東省", En: "Shandong"}},
	{"410000", say.Texts{Hans: "河南省", Hant: "河南省", En: "Henan"}},
	{"420000", say.Texts{Hans: "湖北省", Hant: "湖北省", En: "Hubei"}},
	{"430000", say.Texts{Hans: "湖南省", Hant: "湖南省", En: "Hunan"}},
	{"440000", say.Texts{Hans: "广东省", Hant: "廣東省", En: "Guangdong"}},
	{"450000", say.Texts{Hans: "广西壮族自治区", Hant: "廣西壯族自治區", En: "Guangxi"}},
	{"460000", say.Texts{Hans: "海南省", Hant: "海南省", En: "Hainan"}},
	{"500000", say.Texts{Hans: "重庆市", Hant: "重慶市", En: "Chongqing"}},
	{"510000", say.Texts{Hans: "四川省", Hant: "四川省", En: "Sichuan"}},
	{"520000", say.Texts{Hans: "贵州省", Hant: "貴州省", En: "Guizhou"}},
	{"530000", say.Texts{Hans: "云南省", Hant: "雲南省", En: "Yunnan"}},
	{"540000", say.Texts{Hans: "西藏自治区", Hant: "西藏自治區", En: "Tibet (Xizang)"}},
	{"610000", say.Texts{Hans: "陕西省", Hant: "陝西省", En: "Shaanxi"}},
	{"620000", say.Texts{Hans: "甘肃省", Hant: "甘肅省", En: "Gansu"}},
	{"630000", say.Texts{Hans: "青海省", Hant: "青海省", En: "Qinghai"}},
	{"640000", say.Texts{Hans: "宁夏回族自治区", Hant: "寧夏回族自治區", En: "Ningxia"}},
	{"650000", say.Texts{Hans: "新疆维吾尔自治区", Hant: "新疆維吾爾自治區", En: "Xinjiang"}},
	{"710000", say.Texts{Hans: "台湾省", Hant: "台灣省", En: "Taiwan"}},
	{"810000", say.Texts{Hans: "香港特别行政区", Hant: "香港特別行政區", En: "Hong Kong SAR"}},
	{"820000", say.Texts{Hans: "澳门特别行政区", Hant: "澳門特別行政區", En: "Macao SAR"}},
	{"440100", say.Texts{Hans: "广州市", Hant: "廣州市", En: "Guangzhou"}},
	{"440200", say.Texts{Hans: "韶关市", Hant: "韶關市", En: "Shaoguan"}},
	{"440300", say.Texts{Hans: "深圳市", Hant: "深圳市", En: "Shenzhen"}},
	{"440400", say.Texts{Hans: "珠海市", Hant: "珠海市", En: "Zhuhai"}},
	{"440500", say.Texts{Hans: "汕头市", Hant: "汕頭市", En: "Shantou"}},
	{"440600", say.Texts{Hans: "佛山市", Hant: "佛山市", En: "Foshan"}},
	{"440700", say.Texts{Hans: "江门市", Hant: "江門市", En: "Jiangmen"}},
	{"440800", say.Texts{Hans: "湛江市", Hant: "湛江市", En: "Zhanjiang"}},
	{"440900", say.Texts{Hans: "茂名市", Hant: "茂名市", En: "Maoming"}},
	{"441200", say.Texts{Hans: "肇庆市", Hant: "肇慶市", En: "Zhaoqing"}},
	{"441300", say.Texts{Hans: "惠州市", Hant: "惠州市", En: "Huizhou"}},
	{"441400", say.Texts{Hans: "梅州市", Hant: "梅州市", En: "Meizhou"}},
	{"441500", say.Texts{Hans: "汕尾市", Hant: "汕尾市", En: "Shanwei"}},
	{"441600", say.Texts{Hans: "河源市", Hant: "河源市", En: "Heyuan"}},
	{"441700", say.Texts{Hans: "阳江市", Hant: "陽江市", En: "Yangjiang"}},
	{"441800", say.Texts{Hans: "清远市", Hant: "清遠市", En: "Qingyuan"}},
	{"441900", say.Texts{Hans: "东莞市", Hant: "東莞市", En: "Dongguan"}},
	{"442000", say.Texts{Hans: "中山市", Hant: "中山市", En: "Zhongshan"}},
	{"445100", say.Texts{Hans: "潮州市", Hant: "潮州市", En: "Chaozhou"}},
	{"445200", say.Texts{Hans: "揭阳市", Hant: "揭陽市", En: "Jieyang"}},
	{"445300", say.Texts{Hans: "云浮市", Hant: "雲浮市", En: "Yunfu"}},
	{"440103", say.Texts{Hans: "荔湾区", Hant: "荔灣區", En: "Liwan District"}},
	{"440104", say.Texts{Hans: "越秀区", Hant: "越秀區", En: "Yuexiu District"}},
	{"440105", say.Texts{Hans: "海珠区", Hant: "海珠區", En: "Haizhu District"}},
	{"440106", say.Texts{Hans: "天河区", Hant: "天河區", En: "Tianhe District"}},
	{"440111", say.Texts{Hans: "白云区", Hant: "白雲區", En: "Baiyun District"}},
	{"440112", say.Texts{Hans: "黄埔区", Hant: "黃埔區", En: "Huangpu District"}},
	{"440113", say.Texts{Hans: "番禺区", Hant: "番禺區", En: "Panyu District"}},
	{"440114", say.Texts{Hans: "花都区", Hant: "花都區", En: "Huadu District"}},
	{"440115", say.Texts{Hans: "南沙区", Hant: "南沙區", En: "Nansha District"}},
	{"440117", say.Texts{Hans: "从化区", Hant: "從化區", En: "Conghua District"}},
	{"440118", say.Texts{Hans: "增城区", Hant: "增城區", En: "Zengcheng District"}},
	{"440303", say.Texts{Hans: "罗湖区", Hant: "羅湖區", En: "Luohu District"}},
	{"440304", say.Texts{Hans: "福田区", Hant: "福田區", En: "Futian District"}},
	{"440305", say.Texts{Hans: "南山区", Hant: "南山區", En: "Nanshan District"}},
	{"440306", say.Texts{Hans: "宝安区", Hant: "寶安區", En: "Bao'an District"}},
	{"440307", say.Texts{Hans: "龙岗区", Hant: "龍崗區", En: "Longgang District"}},
	{"440308", say.Texts{Hans: "盐田区", Hant: "鹽田區", En: "Yantian District"}},
	{"440309", say.Texts{Hans: "龙华区", Hant: "龍華區", En: "Longhua District"}},
	{"440310", say.Texts{Hans: "坪山区", Hant: "坪山區", En: "Pingshan District"}},
	{"440311", say.Texts{Hans: "光明区", Hant: "光明區", En: "Guangming District"}},
	{"810001", say.Texts{Hans: "中西区", Hant: "中西區", En: "Central and Western"}},
	{"810002", say.Texts{Hans: "湾仔区", Hant: "灣仔區", En: "Wan Chai"}},
	{"810003", say.Texts{Hans: "东区", Hant: "東區", En: "Eastern"}},
	{"810004", say.Texts{Hans: "南区", Hant: "南區", En: "Southern"}},
	{"810005", say.Texts{Hans: "油尖旺区", Hant: "油尖旺區", En: "Yau Tsim Mong"}},
	{"810006", say.Texts{Hans: "深水埗区", Hant: "深水埗區", En: "Sham Shui Po"}},
	{"810007", say.Texts{Hans: "九龙城区", Hant: "九龍城區", En: "Kowloon City"}},
	{"810008", say.Texts{Hans: "黄大仙区", Hant: "黃大仙區", En: "Wong Tai Sin"}},
	{"810009", say.Texts{Hans: "观塘区", Hant: "觀塘區", En: "Kwun Tong"}},
	{"810010", say.Texts{Hans: "荃湾区", Hant: "荃灣區", En: "Tsuen Wan"}},
	{"810011", say.Texts{Hans: "屯门区", Hant: "屯門區", En: "Tuen Mun"}},
	{"810012", say.Texts{Hans: "元朗区", Hant: "元朗區", En: "Yuen Long"}},
	{"810013", say.Texts{Hans: "北区", Hant: "北區", En: "North"}},
	{"810014", say.Texts{Hans: "大埔区", Hant: "大埔區", En: "Tai Po"}},
	{"810015", say.Texts{Hans: "西贡区", Hant: "西貢區", En: "Sai Kung"}},
	{"810016", say.Texts{Hans: "沙田区", Hant: "沙田區", En: "Sha Tin"}},
	{"810017", say.Texts{Hans: "葵青区", Hant: "葵青區", En: "Kwai Tsing"}},
	{"810018", say.Texts{Hans: "离岛区", Hant: "離島區", En: "Islands"}},
}
