"""Words that company names are made of: data for ``company_names``."""

# Forms of a company; they do not tell two companies apart.
CHINESE_FORMS = (
    "股份有限公司",
    "有限责任公司",
    "股份合作公司",
    "有限责任",
    "有限公司",
    "股份公司",
    "总公司",
    "株式会社",
    "普通合伙",
    "特殊普通合伙",
    "有限合伙",
    "公司",
)
# Written without spaces: "Pte. Ltd." is looked up as "pteltd".
LATIN_FORMS = frozenset(
    """ab ag aps as asa asbl bhd bv bvba co cokg coltd company companylimited
    corp corporation doo eirl ek eurl eg gbr gmbh gmbhcokg inc incorporated jsc
    jointstock kft kg kgaa kk lda limited limitada llc llp lp ltd ltda ltdco nv ojsc
    ooo oy oyj pjsc plc privatelimited pte ptelimited pteltd pty ptyltd pvt pvtltd sa
    sab sarl sas sasu sdn sdnbhd se sl slu snc sp spa spolsro spzoo sro srl ug
    zrt""".split()
)
# A group and the company it has listed are two, however much alike.
GROUP_WORDS = ("集团", "控股", "实业")
LATIN_GROUP_WORDS = frozenset("group groupe gruppe holding holdings hldgs hldg".split())

# What a company does, said so generally that it tells nothing apart.
GENERIC_WORDS = (
    "人工智能 信息技术 信息科技 网络技术 网络科技 智能科技 智能技术 数字科技"
    " 电子科技 科技发展 技术开发 科技 技术 信息 网络 智能 数字 数据 电子 软件 系统"
    " 云计算 发展 开发 研发 实业 贸易 商贸 进出口 投资 资产 管理 咨询 服务 工程 设备"
    " 机械 制造 工业 国际 文化 传媒 传播 广告 展览 展示 会展 会议 设计 装饰 策划 营销"
    " 企业 产业 股份 创新 机器人 通信 通讯 材料 器械 供应链 电器 商务 解决方案"
).split()
LATIN_GENERIC_WORDS = frozenset(
    """ai artificial electronic electronics engineering enterprise enterprises
    exhibition exhibitions industrial industries industry information innovation
    innovations intelligence intelligent international investment investments
    management services service software solution solutions system systems tech
    technologies technology trade trading""".split()
)
# Nothing is left of "Bank of Beijing" without Beijing: these never stand alone.
KINDS = (
    "银行 大学 学院 学校 中学 医院 机场 港口 证券 保险 信托 期货 基金 租赁 电力 能源"
    " 新能源 煤业 煤炭 钢铁 石化 化工 化学 环保 医药 药业 生物 医疗 健康 汽车 汽配"
    " 客车 航空 铁路 高速 地铁 公交 交通 运输 物流 水务 燃气 热电 电气 矿业 有色 黄金"
    " 建设 建工 建筑 建材 水泥 玻璃 城建 路桥 地产 置业 房地产 旅游 酒店 饭店 百货"
    " 商业 农业 农商 种业 林业 食品 乳业 啤酒 酒业 出版 印刷 包装 造纸 纺织 服装 家居"
    " 教育 体育 影视 电影 电视 广电 协会 学会 商会 联合会 联盟 中心 研究院 研究所"
    " 委员会 政府 基地 园区 市场 金融 资本 资源 重工 机床 机电 电机 电缆 光电 半导体"
    " 集成电路 微电子 仪器 仪表 汽车城 国际汽车城 国资 城投 交投 文旅 文投 科创 国有"
).split()

LATIN_KINDS = frozenset(
    """agriculture airlines airport bank bus cement chemical coal construction electric
    energy estate express finance financial first food foods gas gold health healthcare
    insurance land life logistics media medical metal motor motors of oil pharma power
    property railway real resources securities shipping steel telecom the transport
    university water wind""".split()
)

# Where it is; with or without 省 and 市.
REGIONS = (
    # provinces
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南"
    " 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆"
    " 香港 澳门"
    # cities
    " 石家庄 唐山 秦皇岛 邯郸 保定 廊坊 沧州 太原 大同 呼和浩特 包头 鄂尔多斯 沈阳 大连"
    " 鞍山 长春 哈尔滨 大庆 南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江"
    " 泰州 宿迁 昆山 江阴 张家港 常熟 太仓 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 义乌 衢州"
    " 舟山 台州 丽水 平湖 合肥 芜湖 蚌埠 马鞍山 安庆 滁州 福州 厦门 莆田 三明 泉州 漳州"
    " 南平 龙岩 宁德 晋江 南昌 九江 赣州 景德镇 济南 青岛 淄博 东营 烟台 潍坊 济宁 威海"
    " 日照 临沂 德州 聊城 郑州 洛阳 开封 新乡 许昌 南阳 武汉 宜昌 襄阳 荆州 黄石 长沙"
    " 株洲 湘潭 衡阳 岳阳 常德 广州 深圳 珠海 汕头 佛山 韶关 湛江 肇庆 江门 惠州 东莞"
    " 中山 揭阳 南宁 柳州 桂林 北海 海口 三亚 成都 绵阳 自贡 德阳 宜宾 泸州 贵阳 遵义"
    " 昆明 大理 拉萨 西安 咸阳 宝鸡 兰州 西宁 银川 乌鲁木齐"
).split()
# Only in brackets or at the end: 中国移动 is no company called 移动.
WIDE_REGIONS = (
    "中国 亚洲 亚太 大中华 大中华区 国际 新加坡 华东 华南 华北 华中 西南 长三角".split()
)
LATIN_REGIONS = frozenset(
    """anhui apac asia asiapacific beijing changsha changzhou chengdu china chongqing
    dalian deutschland dongguan europe foshan fujian germany greaterchina guangdong
    guangzhou hangzhou hefei hk hongkong huizhou jiangsu jinan kunshan kunming macau
    nanjing nanning nantong ningbo prc prchina qingdao shandong shanghai shenyang
    shenzhen singapore suzhou taiwan tianjin uk usa wenzhou wuhan wuxi xiamen xian
    zhejiang zhengzhou zhuhai""".split()
)

# Whoever writes from there says nothing of the company he works for.
FREE_MAIL = frozenset(
    """126.com 139.com 163.com 163.net 188.com 189.cn 21cn.com 263.net aliyun.com
    aol.com foxmail.com gmail.com gmx.de gmx.net googlemail.com hotmail.com icloud.com
    live.cn live.com mac.com mail.com mail.ru me.com msn.com outlook.com outlook.de
    proton.me protonmail.com qq.com sina.cn sina.com sina.com.cn sohu.com t-online.de
    tom.com vip.163.com vip.126.com vip.qq.com vip.sina.com wo.cn web.de yahoo.cn
    yahoo.co.jp yahoo.com yahoo.com.cn yahoo.com.hk yandex.ru yeah.net
    hotmail.co.uk""".split()
)
